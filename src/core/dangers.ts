import type { Use } from './action-facts.ts'
import type { Text } from './entitlement.ts'

/** What an approver should stop at. */
export type Dangers = {
  /** What can be done beside reading. */
  uses: Set<Use>
  /** Whether that is limited to no resource in particular. */
  anywhere: boolean
  /** Actions by which the holder can go on after the end as somebody else. */
  beyond: string[]
  /** Actions that leave something behind that goes on by itself. */
  lasts: string[]
  allData: boolean
  /** Whether reading, if not of all there is, is limited to no resource in particular. */
  readsAnywhere: boolean
  /** Whether something can be made or started that goes on after the end. */
  outlives: boolean
  /** Whether part of it is not known to Curfew. */
  unread: boolean
}

/** Several dangers at once. */
export function together(all: Dangers[]): Dangers {
  return {
    uses: new Set(all.flatMap(({ uses }) => [...uses])),
    anywhere: all.some(({ anywhere }) => anywhere),
    beyond: [...new Set(all.flatMap(({ beyond }) => beyond))],
    lasts: [...new Set(all.flatMap(({ lasts }) => lasts))],
    allData: all.some(({ allData }) => allData),
    readsAnywhere: all.some(({ readsAnywhere }) => readsAnywhere),
    outlives: all.some(({ outlives }) => outlives),
    unread: all.some(({ unread }) => unread),
  }
}

/** The dangers in one line, the worst not last; undefined when there are none. */
export function dangerWords(dangers: Dangers): Text | undefined {
  const { uses, anywhere, beyond, lasts, allData, readsAnywhere, outlives, unread } = dangers
  const verbs = order.filter(use => uses.has(use)).map(use => verbTexts[use])
  const parts: Text[] = [
    ...(verbs.length > 0 ? [texts.can(verbs, anywhere)] : []),
    ...(beyond.length > 0 ? [texts.beyond(firstOf(beyond))] : []),
    ...(allData ? [texts.allData] : readsAnywhere ? [texts.readsAnywhere] : []),
    // One row of names is enough.
    ...(outlives || lasts.length > 0 ? [texts.outlives(beyond.length > 0 ? '' : firstOf(lasts))] : []),
    ...(unread ? [texts.unread] : []),
  ]
  if (parts.length === 0) return undefined
  return { en: `${parts.map(({ en }) => en).join('; ')}.`, ja: `${parts.map(({ ja }) => ja).join('。')}。` }
}

/** The first few of a list of actions, most telling first; an ellipsis stands for the others. */
export function firstOf(actions: string[]): string {
  return [...actions.slice(0, 3), ...(actions.length > 3 ? ['…'] : [])].join(', ')
}

/** A list as people write it: `a, b and c`. */
export function listed(items: string[]): string {
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${items.at(-1)}` : (items[0] ?? '')
}

const order = ['write', 'delete', 'run', 'permissions'] as const

const verbTexts: Record<(typeof order)[number], Text> = {
  write: { en: 'change things', ja: '変更' },
  delete: { en: 'delete', ja: '削除' },
  run: { en: 'run or send', ja: '実行・送信' },
  permissions: { en: 'change who may do what', ja: '権限の変更' },
}

const texts = {
  can: (verbs: Text[], anywhere: boolean): Text => ({
    en: `can ${listed(verbs.map(({ en }) => en))}${anywhere ? ', on any resource' : ''}`,
    ja: `${anywhere ? 'リソースの限定なく' : ''}${verbs.map(({ ja }) => ja).join('・')}ができます`,
  }),
  beyond: (actions: string): Text => ({
    en: `can open ways around the end, such as other identities, other roles or sharing (${actions})`,
    ja: `他の ID・ロール・共有設定を通じて期限後も続く抜け道を作れます（${actions}）`,
  }),
  allData: { en: 'can read all data', ja: 'すべてのデータを読み取れます' },
  readsAnywhere: { en: 'can read on any resource', ja: '読み取りの対象リソースが限定されていません' },
  outlives: (actions: string): Text => ({
    en: `what it makes or starts stays after the end${actions && ` (${actions})`}`,
    ja: `作成・起動したものは終了後も残ります${actions && `（${actions}）`}`,
  }),
  unread: { en: 'part of it is not known to Curfew', ja: '一部の内容は Curfew では確認できません' },
}
