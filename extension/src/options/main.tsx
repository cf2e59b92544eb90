/** The options: the server notes travel through, and what is still on its way. */
import { startPage } from '../ui/start_page'
import { t } from '../ui/strings'
import { Options } from './options'

startPage(t('optionsTitle'), <Options />)
