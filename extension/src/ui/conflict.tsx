/**
 * Two texts of one note, written on two machines: both are shown with the words that differ, and
 * the reader says which stays. What goes waits in the trash, and every answer can be taken back.
 */
import { useMemo, useState } from 'preact/hooks'
import { difference, type Change } from '../anchoring/difference'
import type { ConflictAnswer, Listed, Problem } from '../model'
import { ask } from './ask'
import { t, type Key } from './strings'
import { useUndo, type Undoable } from './undo'
import { useSyncState } from './use_answer'

interface Props {
  copy: Listed
  /** The note it stands beside; undefined where that was deleted or moved to another page. */
  original: Listed | undefined
}

/** What the two texts are called, and the buttons that keep one of them. */
interface Names {
  copy: { text: Key; keep: Key }
  original: { text: Key; keep: Key }
}

const MINE = { text: 'conflictMine', keep: 'conflictKeepMine' } as const
const THEIRS = { text: 'conflictTheirs', keep: 'conflictKeepTheirs' } as const
const FIRST = { text: 'conflictFirst', keep: 'conflictKeepFirst' } as const
const SECOND = { text: 'conflictSecond', keep: 'conflictKeepSecond' } as const

export function Conflict({ copy, original }: Props) {
  const [sync] = useSyncState()
  const [problem, setProblem] = useState<Problem | null>(null)
  const offerUndo = useUndo()
  const names = namesOf(copy, original, sync?.paired?.device)

  const settle = async (keep: ConflictAnswer['keep']) => {
    const seen = original ? { copy: copy.rev, original: original.rev } : { copy: copy.rev }
    const answer = await ask('conflict:settle', { id: copy.id, keep, seen })
    if ('problem' in answer) setProblem(answer.problem)
    else offerUndo(wayBack(copy, keep))
  }
  return (
    <div class="conflict" role="group" aria-label={t('conflict')}>
      <p class="quiet">{t(original ? 'conflict' : 'conflictAlone')}</p>
      {original && <Versions copy={copy} original={original} names={names} />}
      {problem && (
        <p class="problem" role="alert">
          {problem.detail}
        </p>
      )}
      <div class="deeds">
        {original && (
          <>
            <button type="button" onClick={() => void settle('other')}>
              {t(names.original.keep)}
            </button>
            <button type="button" onClick={() => void settle('this')}>
              {t(names.copy.keep)}
            </button>
          </>
        )}
        <button type="button" onClick={() => void settle('both')}>
          {t(original ? 'conflictBoth' : 'conflictKeep')}
        </button>
      </div>
    </div>
  )
}

function Versions(props: { copy: Listed; original: Listed; names: Names }) {
  const { copy, original, names } = props
  const changes = useMemo(() => difference(original.note, copy.note), [original.note, copy.note])
  return (
    <dl class="versions">
      <Version name={t(names.original.text)} changes={changes} own="removed" />
      <Version name={t(names.copy.text)} changes={changes} own="added" />
    </dl>
  )
}

/** One of the texts, whole; what the other does not say is marked. */
function Version(props: { name: string; changes: readonly Change[]; own: 'added' | 'removed' }) {
  const shown = props.changes.filter(({ kind }) => kind === 'same' || kind === props.own)
  return (
    <div>
      <dt>{props.name}</dt>
      <dd dir="auto" tabIndex={0}>
        {shown.map(({ kind, text }) => (kind === 'same' ? text : <ins>{text}</ins>))}
      </dd>
    </div>
  )
}

function namesOf(copy: Listed, original: Listed | undefined, us?: string): Names {
  const ours = [copy, original].filter((one) => one !== undefined && one.device === us)
  if (ours.length !== 1) return { original: FIRST, copy: SECOND }
  return ours[0] === copy ? { copy: MINE, original: THEIRS } : { copy: THEIRS, original: MINE }
}

function wayBack({ id, conflict_of }: Listed, kept: ConflictAnswer['keep']): Undoable {
  if (kept !== 'both') {
    return { words: t('conflictSettled'), undo: () => ask('note:restore', { id }) }
  }
  const again = { conflict_of: conflict_of ?? null }
  return { words: t('conflictKept'), undo: () => ask('note:edit', { id, set: again }) }
}
