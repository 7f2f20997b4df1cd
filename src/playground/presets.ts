import { probes } from './probes.ts'

/** The stories the world can open with: what Alice waits for, and what is in front. */
export const presets = ['jumpAccount', 'identityCenter', 'both'] as const

/** One of the stories. */
export type Preset = (typeof presets)[number]

/** The story of a first start: the five steps of the page follow it. */
export const firstPreset: Preset = 'jumpAccount'

/** What Alice fills in, by block. */
export type Wish = { entitlement: string; values: Record<string, string> }

/** A policy on her own IAM user in the jump account. */
const ordersTable: Wish = {
  entitlement: 'orders-table',
  values: {
    'parameter.table': 'eu',
    duration: '60',
    reason: 'A customer sees yesterday’s order twice: looking at what was written.',
  },
}

/** A permission set of Identity Center. */
const prodReadOnly: Wish = {
  entitlement: 'prod-read-only',
  values: { duration: '60', reason: 'Orders wait longer than usual: looking at the queue.', ticket: 'OPS-42' },
}

/** What has been asked for when the story opens, oldest first. */
export const openingWishes: Record<Preset, Wish[]> = {
  jumpAccount: [ordersTable],
  identityCenter: [prodReadOnly],
  both: [prodReadOnly, ordersTable],
}

/** What the page asks AWS about; the first is in front. */
export function probesOf(preset: Preset): typeof probes {
  const isFirst = ({ id }: (typeof probes)[number]) => id === (preset === 'identityCenter' ? 'prod-read' : 'orders')
  return [...probes.filter(isFirst), ...probes.filter(probe => !isFirst(probe))]
}
