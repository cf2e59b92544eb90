/** What a new reader sees first: three steps, and an article to take them on. */
import { startPage } from '../ui/start_page'
import { t } from '../ui/strings'
import { Onboarding } from './onboarding'

startPage(t('welcomeTitle'), <Onboarding />)
