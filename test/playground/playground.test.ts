import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { PageState } from '../../src/playground/page/page-state.ts'
import { openPlayground } from '../../src/playground/playground.ts'

// Each story starts a bot of its own.
vi.setConfig({ testTimeout: 60_000 })

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function open(folder: string) {
  const playground = await openPlayground(folder, 0)
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= playground.close()
    return closed
  }
  onTestFinished(close)
  await playground.begin()
  const act = async (body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${playground.url}/api/act`, { method: 'POST', headers, body: JSON.stringify(body) })
    return answer.json()
  }
  const state = async () => (await (await fetch(`${playground.url}/api/state`)).json()) as PageState
  return { act, state, close }
}

/** What is asked for in the approvals channel, oldest first. */
function asked({ slack }: PageState): string[] {
  const messages = slack.channels.find(({ id }) => id === 'C0APPROVE')?.messages ?? []
  return messages.map(({ text }) => /^Access request by <@U0ALICE>: (.*) – /.exec(text)?.[1] ?? text)
}

it('opens with a table in the jump account, and begins anew with another story when told', async () => {
  const folder = aFolder()
  const { act, state, close } = await open(folder)
  const first = await state()
  expect(first.preset).toBe('jumpAccount')
  expect(asked(first)).toEqual(['One orders table in the jump account'])
  expect(first.probes.map(({ id }) => id)).toEqual(['orders', 'prod-read', 'dev-write'])

  await act({ type: 'advance', milliseconds: 86_400_000 })
  expect(await act({ type: 'story', preset: 'identityCenter' })).toEqual({ ok: true })
  const second = await state()
  expect(second.preset).toBe('identityCenter')
  // Nothing is left of the request and of the day.
  expect(asked(second)).toEqual(['Production read-only'])
  expect(Math.abs(second.clock.at - Date.now())).toBeLessThan(60_000)
  expect(second.probes.map(({ id }) => id)).toEqual(['prod-read', 'orders', 'dev-write'])
  expect(second.terminals[0]?.probeId).toBe('prod-read')

  // A second start finds the story where it was left.
  await close()
  const again = await open(folder)
  const third = await again.state()
  expect(third.preset).toBe('identityCenter')
  expect(asked(third)).toEqual(['Production read-only'])
})

it('has both requests waiting in the story of both, also when it is begun twice at once', async () => {
  const { act, state } = await open(aFolder())
  const both = { type: 'story', preset: 'both' }
  expect(await Promise.all([act(both), act(both)])).toEqual([{ ok: true }, { ok: true }])
  const now = await state()
  expect(asked(now)).toEqual(['Production read-only', 'One orders table in the jump account'])
  expect(now.bot.state).toBe('ready')
})

it('can be closed while it begins anew', async () => {
  const { act, close } = await open(aFolder())
  const beginning = act({ type: 'story', preset: 'both' }).catch(() => 'cut')
  await close()
  await beginning
})
