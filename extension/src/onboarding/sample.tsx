/** A short article, in the reader's own language, to be marked and written on. */
import { t } from '../ui/strings'

export function Sample() {
  return (
    <article>
      <p class="kicker">{t('sampleKicker')}</p>
      <h1>{t('sampleTitle')}</h1>
      <p>{t('sampleFirst')}</p>
      <p>{t('sampleSecond')}</p>
      <p>{t('sampleThird')}</p>
    </article>
  )
}
