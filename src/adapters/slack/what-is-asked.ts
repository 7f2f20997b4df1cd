import type { SectionBlock } from '@slack/types'
import type { AccessRequest } from '../../core/access-request.ts'
import type { Language, Limits, PlainWords, Text } from '../../core/entitlement.ts'
import { section } from './blocks.ts'
import { code, codeBlock, mention, shorten } from './mrkdwn.ts'
import { wordLines } from './plain-words.ts'

/** What is attached or assigned: in plain words, then exactly: every statement, uncut, in as many sections as it takes. */
export function whatIsAsked(request: AccessRequest, language: Language): SectionBlock[] {
  const words = wordsOf(request)
  const inWords = words ? wordLines(words, limitsOf(request), language) : []
  const gives = inWords.length > 0 ? [section(`*${texts.gives[language]}*\n${inWords.join('\n')}`, unfolded)] : []
  return [...forWhom(request, language), ...gives, ...exactly(request, language)]
}

/** On a role that many share: that it is for one of them. */
function forWhom(request: AccessRequest, language: Language): SectionBlock[] {
  if (request.asked.kind !== 'inlinePolicy' || request.asked.on === 'user') return []
  const target = 'target' in request && request.target.kind === 'rolePolicy' ? request.target : undefined
  const role = code(shorten(target?.roleArn ?? request.asked.on.role, 300))
  const who = target ? code(shorten(target.userName, 100)) : mention(request.requester.slackUserId)
  return [section(`*${texts.sharedRole[language]}*\n${role}\n${texts.oneOnly(who)[language]}`, unfolded)]
}

function exactly(request: AccessRequest, language: Language): SectionBlock[] {
  // The target's statements are the ones that are attached; before there is a target, those asked for.
  const asked = 'target' in request ? request.target : request.asked
  if (asked.kind === 'permissionSet') {
    return [section(`*${texts.permissionSet[language]}*\n${code(asked.permissionSet)}`, unfolded)]
  }
  if (asked.kind === 'assume') {
    const role = 'roleArn' in asked ? asked.roleArn : asked.role
    return [section(`*${texts.roleToEnter[language]}*\n${code(shorten(role, 300))}`, unfolded)]
  }
  const [allow, on] = [texts.allow[language], texts.on[language]]
  const lines = asked.statements.flatMap(({ actions, resources }) => [
    ...listed(allow, actions),
    ...listed(on, resources),
  ])
  return codeSections(lines, `*${texts.statements[language]}*\n`)
}

function wordsOf(request: AccessRequest): PlainWords | undefined {
  if (request.asked.kind === 'inlinePolicy') return request.asked.words ?? { lines: [] }
  if (request.asked.kind === 'assume') return enteringWords(request.asked.role)
  return 'target' in request && request.target.kind === 'permissionSet' ? request.target.content.words : undefined
}

function limitsOf(request: AccessRequest): Limits {
  const asked = 'target' in request ? request.target : request.asked
  return asked.kind === 'permissionSet' ? {} : asked
}

/** What entering a role gives. What the role may do is its owners' affair, and is not read. */
export function enteringWords(role: string): PlainWords {
  return { lines: [texts.entering(role)], careful: texts.unknownRole }
}

/** Lines shown exactly, in as many sections as they take (3,000 characters each); the heading stands in the first. */
export function codeSections(lines: string[], heading: string): SectionBlock[] {
  const [first = [], ...more] = packed(lines)
  return [section(`${heading}${codeBlock(first)}`, unfolded), ...more.map(some => section(codeBlock(some), unfolded))]
}

const unfolded = { unfolded: true }

/** `allow  a, b` and, aligned under it, what does not fit on the line. */
function listed(word: string, items: string[]): string[] {
  const lines: string[] = []
  for (const item of items) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + item.length < 90) lines[lines.length - 1] = `${last}, ${item}`
    else lines.push(item)
  }
  return lines.map((line, index) => `${index === 0 ? word : ' '.repeat(word.length)}  ${line}`)
}

/** Sections hold 3,000 characters; escaping may lengthen a line fivefold. */
function packed(lines: string[]): string[][] {
  const packs: string[][] = []
  let length = Number.POSITIVE_INFINITY
  for (const line of lines) {
    const size = codeBlock([line]).length
    if (length + size > 2900) {
      packs.push([])
      length = 0
    }
    packs.at(-1)?.push(line)
    length += size
  }
  return packs
}

const texts = {
  gives: { en: 'What it gives', ja: '付与される内容' },
  sharedRole: { en: 'On a role that others share', ja: '共有ロールへの付与' },
  oneOnly: (who: string): Text => ({
    en: `Only for sessions of ${who}: nobody else who uses the role gains anything.`,
    ja: `${who} のセッションだけが対象です。このロールを使う他の人の権限は増えません。`,
  }),
  roleToEnter: { en: 'Role to enter', ja: '引き受けるロール' },
  entering: (role: string): Text => ({
    en: `Enter the role ${role} and do whatever it may do`,
    ja: `ロール ${role} を引き受け、そのロールに許可されたすべての操作`,
  }),
  unknownRole: {
    en: 'Curfew does not read what the role may do. What is made as the role stays after the end.',
    ja: 'ロールの権限の内容は Curfew では確認していません。そのロールで作成したものは終了後も残ります。',
  },
  permissionSet: { en: 'Permission set', ja: '許可セット' },
  statements: { en: 'Inline policy, as it is attached', ja: 'インラインポリシー（この内容のまま付与されます）' },
  allow: { en: 'allow', ja: '許可' },
  on: { en: 'on   ', ja: '対象' },
}
