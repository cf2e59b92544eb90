/** Two texts of one note, written on two machines: the reader says which stays. */
import { useState } from 'preact/hooks'
import type { Annotation, Answer, Problem } from '../model'
import { ask } from '../ui/ask'
import { t } from '../ui/strings'

interface Props {
  copy: Annotation
  /** The note it stands beside; undefined where that was deleted or moved to another page. */
  original: Annotation | undefined
}

export function Conflict({ copy, original }: Props) {
  const [problem, setProblem] = useState<Problem | null>(null)

  /** One after the other, and none after one that failed: this text is deleted only when safe. */
  const carryOut = async (...deeds: (() => Promise<Answer<unknown>>)[]) => {
    for (const deed of deeds) {
      const answer = await deed()
      if ('problem' in answer) return setProblem(answer.problem)
    }
  }
  const takeThis = (note: Annotation) => () =>
    ask('note:edit', { id: note.id, set: { note: copy.note }, base: note.rev })
  const dropThis = () => ask('note:delete', { id: copy.id })
  const separate = () => ask('note:edit', { id: copy.id, set: { conflict_of: null } })
  return (
    <div class="conflict" role="group" aria-label={t('conflict')}>
      <p class="quiet">{t('conflict')}</p>
      {problem && (
        <p class="problem" role="alert">
          {problem.detail}
        </p>
      )}
      <div class="deeds">
        {original && (
          <>
            <button type="button" onClick={() => void carryOut(takeThis(original), dropThis)}>
              {t('conflictThis')}
            </button>
            <button type="button" onClick={() => void carryOut(dropThis)}>
              {t('conflictOther')}
            </button>
          </>
        )}
        <button type="button" onClick={() => void carryOut(separate)}>
          {t('conflictBoth')}
        </button>
      </div>
    </div>
  )
}
