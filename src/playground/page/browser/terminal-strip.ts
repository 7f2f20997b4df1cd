import type { WayIn } from '../../aws/ways-in.ts'
import type { TerminalRun, TerminalState } from '../terminals.ts'
import type { Page } from './page.ts'
import { texts } from './texts.ts'
import { utcSeconds } from './top-bar.ts'
import { h, type VNode } from './vnode.ts'

/** A person's AWS call, repeated each second, with AWS's own answers. */
export function renderTerminal(page: Page): VNode | null {
  const { state, ui, act, choose } = page
  const terminal = shownTerminal(page)
  const probe = state.probes.find(({ id }) => id === terminal?.probeId)
  if (!terminal || !probe) return null
  const name = state.people.find(({ id }) => id === probe.terminal.as)?.name ?? ''
  const tab = (id: string, label: string) =>
    h(
      'button',
      {
        type: 'button',
        'aria-pressed': String(id === terminal.probeId),
        onclick: () =>
          choose(chosen => {
            chosen.probeId = id
          }),
      },
      label,
    )
  const last = terminal.runs.at(-1)
  const hasSessions = terminal.runs.some(({ session }) => session !== undefined)
  return h(
    'section',
    { class: 'terminal', 'aria-label': texts.terminalOf[ui.language](name) },
    h(
      'div',
      { class: 'terminal-head' },
      h('h2', {}, texts.terminalOf[ui.language](name)),
      h(
        'div',
        { class: 'tabs', role: 'group' },
        state.probes.map(({ id, label }) => tab(id, label[ui.language])),
      ),
      terminal.wayIn !== null &&
        h(
          'button',
          {
            type: 'button',
            class: last?.outcome === 'allowed' ? 'entry' : 'entry wanted',
            onclick: () => act({ type: 'openSession', probeId: probe.id }),
          },
          entryText(terminal.wayIn, last)[ui.language](name),
        ),
    ),
    h('div', { class: 'command' }, h('span', { 'aria-hidden': 'true' }, '$ '), probe.terminal.command),
    h(
      'ol',
      { class: hasSessions ? 'runs of-sessions' : 'runs', key: probe.id },
      [...terminal.runs].reverse().map(run => renderRun(page, run)),
    ),
    h(
      'p',
      { class: 'unseen', role: 'status', key: `said-${probe.id}` },
      last?.outcome === 'allowed' && texts.nowAllowed[ui.language],
      last?.outcome === 'refused' && texts.nowRefused[ui.language],
    ),
  )
}

/** A first session, or one more; a portal goes on offering what AWS refuses by now. */
function entryText(way: WayIn, last: TerminalRun | undefined) {
  const isFresh = last?.session !== undefined
  if (way.kind === 'portal') return isFresh ? texts.freshSession : texts.openSession
  const text = isFresh ? texts.enterAnew : texts.enter
  const { role } = way
  return { en: (name: string) => text.en(name, role), ja: (name: string) => text.ja(name, role) }
}

function renderRun({ ui }: Page, run: TerminalRun): VNode {
  const said = { allowed: texts.ok[ui.language], noSession: texts.noSession[ui.language], refused: run.text }
  return h(
    'li',
    { class: run.outcome, key: `${run.from} ${run.outcome}` },
    h('time', { datetime: new Date(run.to).toISOString() }, `${utcSeconds(run.to)}Z`),
    h('span', { class: 'count' }, `×${run.count}`),
    run.session !== undefined &&
      h('span', { class: 'session' }, `${texts.session[ui.language]} ${utcSeconds(run.session)}`),
    h('span', { class: 'answer', title: said[run.outcome] }, said[run.outcome]),
  )
}

/** The one chosen, else the one that was allowed last, else the first. */
function shownTerminal({ state, ui }: Page): TerminalState | undefined {
  const chosen = state.terminals.find(({ probeId }) => probeId === ui.probeId)
  const latest = [...state.terminals].sort((a, b) => (b.lastAllowedAt ?? 0) - (a.lastAllowedAt ?? 0))
  return chosen ?? latest[0]
}
