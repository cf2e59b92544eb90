import { beforeEach, describe, expect, test } from 'vitest'
import { keepSetting, setting } from '../../../extension/src/background/database'
import { synchronize } from '../../../extension/src/background/sync'
import { pageKey } from '../../../extension/src/page_key'
import { Machine, PAGE } from './machine'
import { cutOff, MemoryServer, refused } from './memory_server'

let server: MemoryServer
let desk: Machine
let sofa: Machine

beforeEach(async () => {
  server = new MemoryServer()
  desk = await Machine.start(server)
  sofa = await Machine.start(server)
})

/** Sync all until nothing is left to say. */
async function heal(...machines: Machine[]): Promise<void> {
  for (const machine of [...machines, ...machines]) {
    machine.cut = () => {}
    expect((await machine.sync()).failure).toBeNull()
  }
}

describe('two machines', () => {
  test('see each other’s notes, edits and deletions', async () => {
    const kept = await desk.write('kept')
    const gone = await desk.write('gone')
    await heal(desk, sofa)
    expect(await sofa.texts()).toEqual(['gone', 'kept'])
    await sofa.delete(gone.id)
    await sofa.edit(kept.id, { set: { color: 'blue' }, tags_add: ['seen'] })
    await heal(sofa, desk)
    expect(await desk.notes()).toEqual(await sofa.notes())
    expect(await desk.notes()).toMatchObject([{ note: 'kept', color: 'blue', tags: ['seen'] }])
  })

  test('ask for what comes next while they take in what came', async () => {
    for (const note of 'abcdefg') await desk.write(note)
    await heal(desk)
    const client = server.client(sofa.name)
    const held: unknown[] = []
    const pull: typeof client.pull = async (...asked) => {
      held.push((await setting(sofa.database, 'cursor'))?.cursor)
      return client.pull(...asked)
    }
    const { database, now } = sofa
    const { failure } = await synchronize({ database, now, client: { ...client, pull } })
    expect(failure).toBeNull()
    expect(held).toEqual([undefined, undefined, '1.3'])
    expect(await sofa.texts()).toEqual([...'abcdefg'])
  })

  test('keep what came before the line was cut', async () => {
    for (const note of 'abcdefg') await desk.write(note)
    await heal(desk)
    let asked = 0
    sofa.cut = (when) => {
      if (when === 'after' && ++asked === 3) throw cutOff()
    }
    expect((await sofa.sync()).failure).toMatchObject({ type: 'offline' })
    expect(await sofa.texts()).toEqual([...'abcdef'])
    await heal(sofa)
    expect(await sofa.texts()).toEqual([...'abcdefg'])
  })

  test('owe it to those who show a page to tell them what a sync changed there', async () => {
    await desk.write('first')
    await heal(desk, sofa)
    expect(await setting(sofa.database, 'untold')).toEqual([pageKey(PAGE)])
    await keepSetting(sofa.database, 'untold', undefined)
    await heal(sofa)
    expect(await setting(sofa.database, 'untold')).toBeUndefined()
  })

  test('keep both texts when both wrote', async () => {
    const { id } = await desk.write('first')
    await heal(desk, sofa)
    await desk.rewrite(id, 'from the desk')
    await sofa.rewrite(id, 'from the sofa')
    await heal(desk, sofa)
    expect(await desk.texts()).toEqual(['from the desk', 'from the sofa'])
    expect(await desk.notes()).toEqual(await sofa.notes())
    expect((await desk.notes()).filter(({ conflict_of }) => conflict_of === id)).toHaveLength(1)
  })

  test('keep both texts though the one that waited was pulled past twice', async () => {
    const { id } = await desk.write('first')
    await heal(desk, sofa)
    sofa.cut = (when, what) => {
      if (when === 'before' && what === 'push') throw cutOff()
    }
    await sofa.write('under way for long')
    await sofa.sync()
    await sofa.rewrite(id, 'from the sofa')
    await desk.rewrite(id, 'from the desk')
    await desk.sync()
    await sofa.sync()
    await desk.edit(id, { set: { color: 'blue' } })
    await desk.sync()
    await heal(sofa, desk)
    expect(await desk.texts()).toEqual(['from the desk', 'from the sofa', 'under way for long'])
    expect(await desk.notes()).toEqual(await sofa.notes())
  })

  test('merge what touches different fields', async () => {
    const { id } = await desk.write('first', { tags: ['a'] })
    await heal(desk, sofa)
    await desk.edit(id, { set: { color: 'pink' }, tags_add: ['b'] })
    await sofa.edit(id, { set: { note: 'second' }, tags_add: ['c'] })
    await heal(desk, sofa)
    expect(await desk.notes()).toMatchObject([{ note: 'second', color: 'pink' }])
    expect(new Set((await desk.notes())[0]?.tags)).toEqual(new Set(['a', 'b', 'c']))
  })

  test('pull more than a page of changes', async () => {
    for (let n = 0; n < 10; n++) await desk.write(`note ${n}`)
    await heal(desk, sofa)
    expect(await sofa.texts()).toHaveLength(10)
  })

  test('hear which pages look different', async () => {
    await desk.write('first')
    await desk.sync()
    expect([...(await sofa.sync()).touched]).toEqual(['https://example.org/article'])
    expect([...(await sofa.sync()).touched]).toEqual([])
  })
})

describe('a line that is cut', () => {
  const moments = ['before', 'after'] as const
  test.each(moments)('%s the server hears loses and doubles nothing', async (when) => {
    const { id } = await desk.write('first')
    let cuts = 3
    desk.cut = (now) => {
      if (now === when && cuts-- > 0) throw cutOff()
    }
    expect((await desk.sync()).failure).toMatchObject({ type: 'offline' })
    await desk.rewrite(id, 'second')
    await desk.sync()
    await desk.rewrite(id, 'third')
    await heal(desk, sofa)
    expect(server.live()).toMatchObject([{ id, note: 'third' }])
    expect(await sofa.texts()).toEqual(['third'])
  })

  test('repeats what it sent under the same counters', async () => {
    await desk.write('first')
    desk.cut = (when, what) => {
      if (when === 'after' && what === 'push') throw cutOff()
    }
    await desk.sync()
    await desk.sync()
    expect(server.arrived).toHaveLength(2)
    expect(server.arrived[1]).toEqual(server.arrived[0])
  })

  test('in the middle of a pull goes on where it stopped', async () => {
    for (let n = 0; n < 10; n++) await desk.write(`note ${n}`)
    await desk.sync()
    let answers = 0
    sofa.cut = (when) => {
      if (when === 'after' && ++answers === 3) throw cutOff()
    }
    await sofa.sync()
    expect((await sofa.texts()).length).toBeGreaterThan(0)
    await heal(sofa)
    expect(await sofa.texts()).toHaveLength(10)
  })
})

describe('a batch that is too large', () => {
  test('is halved until it fits', async () => {
    server.mostOperations = 3
    for (let n = 0; n < 10; n++) await desk.write(`note ${n}`)
    await heal(desk)
    expect(server.live()).toHaveLength(10)
    expect(await desk.outbox()).toEqual([])
  })

  test('although it is a single operation is parked', async () => {
    server.mostOperations = 0
    await desk.write('first')
    expect((await desk.sync()).failure).toBeNull()
    expect(await desk.outbox()).toMatchObject([
      { state: 'parked', refusal: { code: 'too-large' } },
    ])
  })
})

describe('a server that refuses', () => {
  test.each([401, 403, 404, 429, 500, 503])('with %i keeps everything waiting', async (status) => {
    await desk.write('first')
    desk.cut = () => {
      throw refused(status)
    }
    expect((await desk.sync()).failure).not.toBeNull()
    await heal(desk)
    expect(server.live()).toMatchObject([{ note: 'first' }])
  })
})

describe('a server put back from a backup', () => {
  test('gets back the notes it lost', async () => {
    await desk.write('old')
    await heal(desk, sofa)
    const backup = server.backup()
    await desk.write('lost')
    await heal(desk, sofa)
    server.restore(backup)
    await heal(desk, sofa)
    expect(server.live().map(({ note }) => note).sort()).toEqual(['lost', 'old'])
    expect(await desk.notes()).toEqual(await sofa.notes())
  })

  test('gets back the texts it lost', async () => {
    const { id } = await desk.write('old')
    await heal(desk, sofa)
    const backup = server.backup()
    await desk.rewrite(id, 'written since')
    await heal(desk, sofa)
    server.restore(backup)
    await heal(desk, sofa)
    expect(await desk.texts()).toContain('written since')
    expect(await desk.notes()).toEqual(await sofa.notes())
  })

  test('meets unsent edits, which stay', async () => {
    const { id } = await desk.write('old')
    await heal(desk, sofa)
    const backup = server.backup()
    await desk.write('lost')
    await heal(desk)
    server.restore(backup)
    await sofa.rewrite(id, 'unsent')
    await heal(desk, sofa)
    expect(await desk.texts()).toEqual(['lost', 'unsent'])
  })

  test('gets back what had been brought back from the trash, and edited', async () => {
    const { id } = await desk.write('old', { tags: ['a'] })
    await heal(desk, sofa)
    await desk.delete(id)
    await heal(desk, sofa)
    const backup = server.backup()
    server.common = server.seq
    await desk.restore(id)
    await desk.rewrite(id, 'written since')
    await heal(desk, sofa)
    server.restore(backup)
    await heal(desk, sofa)
    expect(await sofa.notes()).toMatchObject([{ id, note: 'written since', tags: ['a'] }])
    expect(await desk.notes()).toEqual(await sofa.notes())
  })

  test('twice, the second time in the middle of the full pull, gets back all it lost', async () => {
    const ids = []
    for (let n = 0; n < 6; n++) ids.push((await desk.write(`old ${n}`)).id)
    await heal(desk)
    const backup = server.backup()
    server.common = server.seq
    for (const [n, id] of ids.entries()) await desk.rewrite(id, `new ${n}`)
    await heal(desk)
    server.restore(backup)
    let pages = 0
    desk.cut = (when, what) => {
      if (when === 'before' && what === 'pull' && ++pages > 2) throw cutOff()
    }
    await desk.sync()
    server.common = server.seq
    server.restore(server.backup())
    await heal(desk)
    expect(await desk.texts()).toEqual(ids.map((_, n) => `new ${n}`))
    expect(server.live().map(({ note }) => note).sort()).toEqual(await desk.texts())
  })

  test('does not bring back what was deleted and is known to be', async () => {
    const { id } = await desk.write('old')
    await desk.write('kept')
    await heal(desk, sofa)
    await desk.delete(id)
    await heal(desk, sofa)
    server.restore(server.backup())
    await heal(desk, sofa)
    expect(await desk.texts()).toEqual(['kept'])
    expect(await sofa.texts()).toEqual(['kept'])
  })
})

describe('a server put back that gave the same numbers out again', () => {
  test('keeps the text an unsent edit never saw', async () => {
    const { id } = await desk.write('old')
    await heal(desk, sofa)
    const backup = server.backup()
    const { seq } = server
    for (let n = 0; n < 5; n++) await desk.write(`filler ${n}`)
    await desk.rewrite(id, 'seen by the sofa')
    await heal(desk, sofa)
    await sofa.rewrite(id, 'from the sofa')
    server.restore(backup)
    server.seq = seq
    await desk.rewrite(id, 'from the desk')
    await heal(desk, sofa)
    expect(await desk.texts()).toEqual(expect.arrayContaining(['from the desk', 'from the sofa']))
    expect(await desk.notes()).toEqual(await sofa.notes())
  })
})

describe('another server', () => {
  test('gets all that is here', async () => {
    await desk.write('one')
    await desk.write('two')
    await heal(desk)
    server.rows.clear()
    await desk.resync()
    await heal(desk)
    expect(server.live().map(({ note }) => note).sort()).toEqual(['one', 'two'])
  })
})
