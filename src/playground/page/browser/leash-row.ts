import { type Leash, leashesIn } from './leashes.ts'
import type { Page } from './page.ts'
import { texts } from './texts.ts'
import { utcMinutes } from './top-bar.ts'
import { h, type VNode } from './vnode.ts'

/** The leashes in an account: whom each lets in until when, and the switch that takes it off. */
export function renderLeashes(page: Page, accountId: string): VNode[] {
  return leashesIn(page.state.aws, accountId).map(leash => renderLeash(page, leash))
}

function renderLeash(page: Page, leash: Leash): VNode {
  const { language } = page.ui
  const { permissionSet, generation, document, people, onRole } = leash
  const who = people.map(({ userId, until }) => texts.leashOf[language](nameOf(page, userId), utcMinutes(until)))
  return h(
    'div',
    { class: 'row', key: `leash-${permissionSet}` },
    h('span', { title: texts.leashHint[language] }, texts.leash[language]),
    h(
      'span',
      { class: 'what' },
      h(
        'details',
        { class: onRole ? 'policy' : 'policy off' },
        h(
          'summary',
          {},
          h('span', { class: 'name' }, permissionSet),
          generation !== undefined && h('span', { class: 'name' }, ` · ${texts.generation[language]} ${generation}`),
          h('b', {}, who.length > 0 ? who.join(', ') : texts.leashOfNobody[language]),
        ),
        h('pre', { tabindex: '0' }, JSON.stringify(document, null, 1)),
      ),
      renderSwitch(page, leash),
    ),
  )
}

/** Thrown once somebody has the set: nobody is let in without the leash. Back it goes at any time. */
function renderSwitch({ state, ui, act }: Page, { accountId, permissionSet, onSet, onRole }: Leash): VNode {
  const isAssigned = state.aws.assignments.some(
    one =>
      one.accountId === accountId &&
      one.permissionSet === permissionSet &&
      one.principalType === 'USER' &&
      one.status === 'ASSIGNED',
  )
  // AWS takes a while to bring it to the role.
  const isChanging = onSet !== onRole
  const hint = isAssigned || !onSet ? texts.withoutLeashHint : texts.withoutLeashLater
  return h(
    'button',
    {
      type: 'button',
      class: 'switch',
      role: 'switch',
      'aria-checked': String(!onSet),
      disabled: isChanging || (onSet && !isAssigned),
      title: hint[ui.language],
      onclick: () => act({ type: 'leash', accountId, permissionSet, on: !onSet }),
    },
    h('span', { class: 'track', 'aria-hidden': 'true' }),
    texts.withoutLeash[ui.language],
  )
}

/** Says that a leash is off and what follows from it, with the way back; nothing when all are where they belong. */
export function renderLeashMark({ state, ui, act }: Page): VNode | false {
  const leashes = state.aws.accounts.flatMap(({ id }) => leashesIn(state.aws, id))
  const off = leashes.find(({ onSet }) => !onSet)
  if (!off) return false
  const { accountId, permissionSet } = off
  return h(
    'div',
    { class: 'broken', role: 'status', key: 'leash-off' },
    h('p', {}, h('b', {}, texts.leashIsOff[ui.language]), ' ', texts.leashIsOffSo[ui.language]),
    h(
      'button',
      { type: 'button', onclick: () => act({ type: 'leash', accountId, permissionSet, on: true }) },
      texts.leashBack[ui.language],
    ),
  )
}

function nameOf({ state }: Page, userId: string): string {
  return state.aws.identityCenterUsers.find(user => user.userId === userId)?.userName ?? userId
}
