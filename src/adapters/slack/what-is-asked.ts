import type { SectionBlock } from '@slack/types'
import type { AccessRequest, Asked, Target } from '../../core/access-request.ts'
import type { Language } from '../../core/entitlement.ts'
import { section } from './blocks.ts'
import { code, codeBlock } from './mrkdwn.ts'

/** Exactly what is attached or assigned: every statement, uncut, in as many sections as it takes (3,000 characters each). */
export function whatIsAsked(request: AccessRequest, language: Language): SectionBlock[] {
  const asked = askedOf(request)
  if (asked.kind === 'permissionSet') {
    return [section(`*${texts.permissionSet[language]}*\n${code(asked.permissionSet)}`, { unfolded: true })]
  }
  const [allow, on] = [texts.allow[language], texts.on[language]]
  const lines = asked.statements.flatMap(({ actions, resources }) => [
    ...listed(allow, actions),
    ...listed(on, resources),
  ])
  const [first = [], ...more] = packed(lines)
  const heading = `*${texts.statements[language]}*\n`
  return [
    section(`${heading}${codeBlock(first)}`, { unfolded: true }),
    ...more.map(some => section(codeBlock(some), { unfolded: true })),
  ]
}

/** The target's statements are the ones that are attached; before there is a target, those asked for. */
function askedOf(request: AccessRequest): Asked | Target {
  return 'target' in request ? request.target : request.asked
}

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
  permissionSet: { en: 'Permission set', ja: '許可セット' },
  statements: { en: 'Inline policy, as it is attached', ja: 'インラインポリシー（この内容のまま付与されます）' },
  allow: { en: 'allow', ja: '許可' },
  on: { en: 'on   ', ja: '対象' },
}
