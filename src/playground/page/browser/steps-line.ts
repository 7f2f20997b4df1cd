import { renderSlackFault } from './fault-controls.ts'
import { leashesIn } from './leashes.ts'
import type { Page } from './page.ts'
import { type StepId, stepIds } from './steps.ts'
import { type Text, texts } from './texts.ts'
import { h, type VNode } from './vnode.ts'

/** The line of steps, and what to do next; beside it there is room for what concerns all of Slack. */
export function renderSteps(page: Page): VNode {
  const { state, ui } = page
  const { done, current } = state.steps
  const step = (id: StepId, index: number) =>
    h(
      'li',
      {
        class: done.includes(id) ? 'done' : id === current ? 'current' : '',
        'aria-current': id === current ? 'step' : undefined,
      },
      h('span', { class: 'mark', 'aria-hidden': 'true' }, done.includes(id) ? '✓' : String(index + 1)),
      h('span', {}, texts.steps[id][ui.language]),
      done.includes(id) && h('span', { class: 'unseen' }, ` (${texts.stepDone[ui.language]})`),
    )
  return h(
    'div',
    { class: 'steps' },
    h('nav', { 'aria-label': texts.story[ui.language] }, h('ol', {}, stepIds.map(step))),
    h(
      'div',
      { class: 'next' },
      h('p', { class: 'hint', role: 'status' }, hintOf(state)[ui.language]),
      renderSlackFault(page),
    ),
  )
}

function hintOf(state: Page['state']): Text {
  const { current, stopMissed } = state.steps
  if (state.bot.state === 'starting') return texts.hints.starting
  if (stopMissed) return texts.hints.missed
  if (state.preset === 'identityCenter') return leashedHint(state)
  if (current === undefined) return state.preset === 'jumpAccount' ? texts.hints.doneJump : texts.hints.done
  if (state.preset === 'both' && current === 'approve') return texts.hints.approveBoth
  return texts.hints[current]
}

function leashedHint({ steps: { current }, terminals: [front], aws, bot }: Page['state']): Text {
  if (current === undefined) return texts.leashedHints.done
  if (current === 'stop' && front?.runs.at(-1)?.outcome !== 'allowed') return texts.leashedHints.session
  const isOff = aws.accounts.some(({ id }) => leashesIn(aws, id).some(({ of, onSet }) => of === 'set' && !onSet))
  if (current === 'refused' && isOff) return texts.leashedHints[bot.state === 'stopped' ? 'notRefused' : 'goesOn']
  return texts.leashedHints[current]
}
