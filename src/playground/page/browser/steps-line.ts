import { renderSlackFault } from './fault-controls.ts'
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
    // A permission set ends by the bot's removal: nothing to see without it.
    state.preset !== 'identityCenter' &&
      h('nav', { 'aria-label': texts.story[ui.language] }, h('ol', {}, stepIds.map(step))),
    h(
      'div',
      { class: 'next' },
      h('p', { class: 'hint', role: 'status' }, hintOf(state)[ui.language]),
      renderSlackFault(page),
    ),
  )
}

function hintOf({ steps: { current, stopMissed }, bot, preset }: Page['state']): Text {
  if (bot.state === 'starting') return texts.hints.starting
  if (preset === 'identityCenter') return texts.hints.identityCenter
  if (preset === 'both' && current === 'approve') return texts.hints.approveBoth
  if (current === undefined) return texts.hints.done
  return stopMissed ? texts.hints.missed : texts.hints[current]
}
