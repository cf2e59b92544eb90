import type { ComponentChildren } from 'preact'
import { KeptOut } from '../ui/let_in'
import { locale, t } from '../ui/strings'
import { Sample } from './sample'
import { usePractice } from './use_practice'

export function Onboarding() {
  const { marked, written } = usePractice()
  return (
    <>
      <header>
        <img src="icons/icon.svg" alt="" width="52" height="52" />
        <div>
          <h1>{t('welcomeTitle')}</h1>
          <p class="quiet">{t('welcomeLead')}</p>
        </div>
      </header>
      <KeptOut />
      <main>
        <ol class="steps">
          <Step number={1} name={t('welcomeMark')} done={marked}>
            {t('welcomeMarkHow')}
          </Step>
          <Step number={2} name={t('welcomeWrite')} done={written}>
            {t('welcomeWriteHow')}
          </Step>
          <Step number={3} name={t('welcomeKeep')} done={false}>
            {t('welcomeKeepHow')}
            <span class="deeds">
              <button type="button" onClick={() => void chrome.runtime.openOptionsPage()}>
                {t('welcomePair')}
              </button>
            </span>
          </Step>
        </ol>
        <Sample />
        <section class="why" aria-labelledby="why">
          <h2 id="why">{t('welcomeWhy')}</h2>
          <p>{t('welcomeWhySites')}</p>
          <p>{t('welcomeWhyPrivate')}</p>
        </section>
      </main>
    </>
  )
}

interface StepProps {
  number: number
  name: string
  done: boolean
  children: ComponentChildren
}

function Step({ number, name, done, children }: StepProps) {
  return (
    <li class={done ? 'done' : ''}>
      <span class="number" aria-hidden="true">
        {done ? '✓' : number.toLocaleString(locale())}
      </span>
      <div>
        <h2>
          {name} {done && <span class="visually-hidden">{t('welcomeDone')}</span>}
        </h2>
        <p class="quiet">{children}</p>
      </div>
    </li>
  )
}
