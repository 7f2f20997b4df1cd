import { type Leash, leashesIn } from './leashes.ts'
import type { Page } from './page.ts'
import { texts } from './texts.ts'
import { utcMinutes } from './top-bar.ts'
import { h, type VNode } from './vnode.ts'

/** The leashes in an account: whom each lets in until when, and for a permission set the switch that takes it off. */
export function renderLeashes(page: Page, accountId: string): VNode[] {
  // A role's bears nobody most of the time, and lets in then whom the role lets in.
  const shown = leashesIn(page.state.aws, accountId).filter(({ of, people }) => of === 'set' || people.length > 0)
  return shown.map(leash => renderLeash(page, leash))
}

function renderLeash(page: Page, leash: Leash): VNode {
  const { language } = page.ui
  const { name, generation, document, people, onRole } = leash
  const who = people.map(({ id, until }) => texts.leashOf[language](nameOf(page, id), utcMinutes(until)))
  return h(
    'div',
    { class: 'row', key: `leash-${name}` },
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
          h('span', { class: 'name' }, name),
          generation !== undefined && h('span', { class: 'name' }, ` · ${texts.generation[language]} ${generation}`),
          h('b', {}, who.length > 0 ? who.join(', ') : texts.leashOfNobody[language]),
        ),
        h('pre', { tabindex: '0' }, JSON.stringify(document, null, 1)),
      ),
      leash.of === 'set' && renderSwitch(page, leash),
    ),
  )
}

/**
 * Thrown once somebody has the set, since nobody is let in without the leash, and with the bot stopped: running, it finds
 * out and ends the access. Back it goes at any time.
 */
function renderSwitch({ state, ui, act }: Page, { accountId, name: permissionSet, onSet, onRole }: Leash): VNode {
  const isAssigned = state.aws.assignments.some(
    one =>
      one.accountId === accountId &&
      one.permissionSet === permissionSet &&
      one.principalType === 'USER' &&
      one.status === 'ASSIGNED',
  )
  // AWS takes a while to bring it to the role.
  const isChanging = onSet !== onRole
  const canBeOff = isAssigned && state.bot.state === 'stopped'
  const hint = canBeOff || !onSet ? texts.withoutLeashHint : texts.withoutLeashLater
  return h(
    'button',
    {
      type: 'button',
      class: 'switch',
      role: 'switch',
      'aria-checked': String(!onSet),
      disabled: isChanging || (onSet && !canBeOff),
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
  const off = leashes.find(({ of, onSet }) => of === 'set' && !onSet)
  if (!off) return false
  const { accountId, name: permissionSet } = off
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

/** Sessions of a role are called as their user is; before the name stands the role's id. */
function nameOf({ state }: Page, id: string): string {
  return state.aws.identityCenterUsers.find(({ userId }) => userId === id)?.userName ?? id.replace(/^AROA\w+:/, '')
}
