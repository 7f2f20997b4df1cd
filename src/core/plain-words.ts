import { type ActionFacts, readsAll, type Use, usesOf } from './action-facts.ts'
import { type AfterEnd, afterEndOfSet, afterEndOfStatements } from './after-end.ts'
import { type Dangers, dangerWords, listed, together } from './dangers.ts'
import type { PlainWords, Statement, Text } from './entitlement.ts'
import { managedPolicyWords } from './managed-policy-words.ts'
import { resourceWords, serviceOfArn } from './resource-words.ts'
import type { ForeignStatement, SetParts } from './set-content.ts'

/** What may be done with what in one service. `place` undefined: with any resource. */
type Gift = { service: string; uses: Set<Use>; place: Text | undefined; actions: string[]; readsAll: boolean }

const mostLines = 3

/** The statements of an inline policy in one to three lines, the most powerful first, and what is dangerous in them. */
export function wordsForStatements(statements: Statement[], facts: ActionFacts): PlainWords {
  return wordsOf(
    statements.flatMap(statement => giftsOf(statement, facts)),
    [],
    [dangerAfterEnd(afterEndOfStatements(statements))],
    facts,
  )
}

/** The same for a permission set; what Curfew cannot read in it is said to be unread. */
export function wordsForSet(parts: SetParts, facts: ActionFacts): PlainWords {
  const { managed, customer, inline = [unreadable] } = parts
  const policies = managed.map(managedPolicyWords)
  const lines = policies.map(({ gives }) => gives)
  const dangers = [dangerAfterEnd(afterEndOfSet(parts, facts)), ...policies.map(policy => policy.dangers)]
  if (customer.length > 0) lines.push(texts.customer(customer.join(', ')))
  if (customer.length > 0 || inline.includes(unreadable)) dangers.push({ ...none, unread: true })
  if (inline.includes(unreadable)) lines.push(texts.unreadable)
  const allowed = inline.filter(({ effect }) => effect === 'Allow')
  if (allowed.some(({ allBut }) => allBut)) {
    lines.unshift(texts.allBut)
    dangers.push({ ...none, uses: new Set(allUses), anywhere: true, allData: true, outlives: true })
  }
  if (inline.some(({ effect, narrowed }) => narrowed || (effect === 'Deny' && allowed.length > 0))) {
    lines.push(texts.narrowed)
  }
  const gifts = allowed.filter(({ allBut }) => !allBut).flatMap(statement => giftsOf(statement, facts))
  return wordsOf(gifts, lines, dangers, facts)
}

/** Gives nothing of its own: it stands for what could not be read. */
const unreadable: ForeignStatement = { effect: 'Deny', allBut: false, narrowed: false, actions: [], resources: [] }

function wordsOf(gifts: Gift[], others: Text[], dangers: Dangers[], facts: ActionFacts): PlainWords {
  const ordered = [...gifts].sort((one, other) => power(other) - power(one))
  const lines = [...others, ...alike(ordered).map(group => lineOf(group, facts))]
  const unique = lines.filter((line, index) => lines.findIndex(({ en }) => en === line.en) === index)
  const fits = unique.length <= mostLines
  const shown = fits ? unique : [...unique.slice(0, mostLines - 1), texts.more(unique.length - mostLines + 1)]
  const careful = dangerWords(together([...dangers, ...gifts.map(dangersOf)]))
  return { lines: shown.length > 0 ? shown : [texts.nothing], ...(careful && { careful }) }
}

function giftsOf({ actions, resources }: Statement, facts: ActionFacts): Gift[] {
  return [...new Set(actions.map(serviceOf))].map(service => {
    const own = actions.filter(action => serviceOf(action) === service)
    const gift = {
      service,
      actions: own,
      uses: new Set(own.flatMap(action => [...usesOf(action, facts)])),
      readsAll: service === '*' || readsAll(own, facts),
    }
    // A statement may mix services; actions of one have no use for resources of another.
    const fitting = resources.filter(arn => [undefined, service].includes(serviceOfArn(arn)))
    const places = fitting.length > 0 ? fitting : resources
    if (places.includes('*')) return { ...gift, place: undefined }
    const words = places.map(arn => resourceWords(arn, own.map(nameOf)))
    return { ...gift, place: { en: few(words, 'en'), ja: few(words, 'ja') } }
  })
}

function serviceOf(action: string): string {
  return action.includes(':') ? (action.toLowerCase().split(':')[0] ?? '*') : '*'
}

function nameOf(action: string): string {
  return action.split(':')[1] ?? '*'
}

function few(words: Text[], language: 'en' | 'ja'): string {
  const shown = words.slice(0, 3).map(text => text[language])
  const left = words.length - shown.length
  if (language === 'en') return left > 0 ? `${shown.join(', ')} and ${left} more` : listed(shown)
  return `${shown.join('、')}${left > 0 ? ` ほか ${left} 件` : ''}`
}

/** What works alike on any resource is one line for several services. */
function alike(gifts: Gift[]): Gift[][] {
  const groups = new Map<string, Gift[]>()
  for (const [index, gift] of gifts.entries()) {
    const isWide = gift.place === undefined && !isNamed(gift)
    const uses = isEverything(gift.uses) ? 'everything' : [...gift.uses].sort().join()
    const key = isWide ? `${uses} ${gift.readsAll}` : String(index)
    groups.set(key, [...(groups.get(key) ?? []), gift])
  }
  return [...groups.values()]
}

/** Whether the actions are few enough to be named. */
function isNamed({ actions }: Gift): boolean {
  return actions.length <= 3 && actions.every(action => !/[*?]/.test(action))
}

function lineOf(group: Gift[], facts: ActionFacts): Text {
  const [gift] = group
  if (!gift) return texts.nothing
  const does = verbs(gift.uses)
  if (group.some(({ service }) => service === '*')) return texts.account(does)
  const services = [...new Set(group.map(({ service }) => facts.services[service] ?? service))].sort()
  if (gift.place) return texts.on(does, gift.place, services)
  if (isNamed(gift)) return texts.named(does, services, gift.actions.map(nameOf).join(', '))
  return gift.readsAll ? texts.everything(does, services) : texts.any(does, services)
}

function isEverything(uses: Set<Use>): boolean {
  return (['read', 'write', 'delete', 'permissions'] as const).every(use => uses.has(use))
}

const allUses: Use[] = ['read', 'run', 'write', 'tag', 'delete', 'permissions']

function power({ uses, place }: Gift): number {
  return allUses.reduce((sum, use, rank) => sum + (uses.has(use) ? 2 ** rank : 0), place ? 0 : 0.5)
}

function verbs(uses: Set<Use>): Text {
  if (isEverything(uses)) return texts.anything
  const all = allUses.filter(use => uses.has(use)).map(use => useTexts[use])
  const en = listed(all.map(text => text.en))
  return { en: `${en.charAt(0).toUpperCase()}${en.slice(1)}`, ja: all.map(text => text.ja).join('・') }
}

const none: Dangers = {
  uses: new Set(),
  anywhere: false,
  beyond: [],
  lasts: [],
  allData: false,
  readsAnywhere: false,
  outlives: false,
  unread: false,
}

function dangersOf(gift: Gift): Dangers {
  const { uses, place, actions } = gift
  const changing = new Set([...uses].filter(use => use !== 'read' && use !== 'tag'))
  return {
    ...none,
    uses: changing,
    anywhere: changing.size > 0 && place === undefined,
    allData: uses.has('read') && place === undefined && gift.readsAll,
    // Actions that are named one by one mostly list what is there, which AWS allows on everything or not at all.
    readsAnywhere: uses.has('read') && place === undefined && !isNamed(gift),
    outlives: changing.size > 0 && actions.some(action => making.test(nameOf(action))),
  }
}

function dangerAfterEnd({ escapes, lasts }: AfterEnd): Dangers {
  return { ...none, beyond: escapes, lasts }
}

const making = /^[*?]|^(Create|Run|Start|Launch|Register|Import|Restore|Copy|Request|Allocate)/i

const useTexts: Record<Use, Text> = {
  read: { en: 'read', ja: '読み取り' },
  run: { en: 'use', ja: '使用' },
  write: { en: 'write', ja: '書き込み' },
  tag: { en: 'tag', ja: 'タグ付け' },
  delete: { en: 'delete', ja: '削除' },
  permissions: { en: 'change permissions of', ja: '権限の変更' },
}

const texts = {
  on: (does: Text, place: Text, [service]: string[]): Text => ({
    en: `${does.en} ${place.en} (${service})`,
    ja: `${place.ja}${/[\u3040-\u9fff]$/.test(place.ja) ? '' : ' '}の${does.ja}（${service}）`,
  }),
  everything: (does: Text, services: string[]): Text => ({
    en: `${does === texts.anything ? 'Do anything' : `${does.en} everything`} in ${services.join(', ')}`,
    ja: `${services.join('、')} の${does === texts.anything ? '' : 'すべての'}${does.ja}`,
  }),
  any: (does: Text, services: string[]): Text => ({
    en: `${does.en} any resource in ${services.join(', ')}`,
    ja: `${services.join('、')} の全リソースの${does.ja}`,
  }),
  named: (does: Text, [service]: string[], actions: string): Text => ({
    en: `${does.en} any resource in ${service}, by ${actions} only`,
    ja: `${service} の全リソースの${does.ja}（${actions} のみ）`,
  }),
  account: (does: Text): Text => ({
    en: `${does === texts.anything ? 'Do anything' : `${does.en} everything`} in the account`,
    ja: `アカウント内の${does === texts.anything ? '' : 'すべての'}${does.ja}`,
  }),
  more: (count: number): Text => ({
    en: `And ${count} more; see the policy`,
    ja: `ほか ${count} 件（ポリシーを参照）`,
  }),
  anything: { en: 'Do anything with', ja: 'あらゆる操作' },
  nothing: { en: 'Nothing', ja: 'なし' },
  customer: (names: string): Text => ({
    en: `What the account's own policies ${names} give`,
    ja: `アカウント独自のポリシー ${names} の内容`,
  }),
  unreadable: { en: 'An inline policy that Curfew does not understand', ja: 'Curfew が解釈できないインラインポリシー' },
  allBut: {
    en: 'Everything in the account with exceptions (NotAction)',
    ja: 'アカウント内のすべての操作（NotAction による例外あり）',
  },
  narrowed: { en: 'With exceptions or conditions; see the policy', ja: '例外または条件あり（ポリシーを参照）' },
}
