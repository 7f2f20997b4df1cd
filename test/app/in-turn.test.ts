import { expect, it } from 'vitest'
import { inTurn } from '../../src/app/in-turn.ts'

it('work on one thing is done one after the other, in order, whatever fails in between', async () => {
  const owner = {}
  const seen: string[] = []
  const work = (name: string) => async () => {
    seen.push(`${name} begins`)
    await Promise.resolve()
    if (name === 'second') throw new Error('second fails')
    seen.push(`${name} ends`)
    return name
  }
  const all = await Promise.allSettled(['first', 'second', 'third'].map(name => inTurn(owner, 'a', work(name))))
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'third begins', 'third ends'])
})

it('work on different things, or of different owners, does not wait for each other', async () => {
  const owner = {}
  const never = inTurn(owner, 'a', () => new Promise<string>(() => undefined))
  expect(await Promise.race([never, inTurn(owner, 'b', async () => 'other thing')])).toBe('other thing')
  expect(await Promise.race([never, inTurn({}, 'a', async () => 'other owner')])).toBe('other owner')
})
