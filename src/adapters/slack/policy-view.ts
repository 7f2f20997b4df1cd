import type { KnownBlock, ModalView } from '@slack/types'
import type { AccessRequest, PolicyTarget, Target } from '../../core/access-request.ts'
import type { Language, Text } from '../../core/entitlement.ts'
import { renderPolicy } from '../../core/inline-policy.ts'
import { plusMinutes } from '../../core/instant.ts'
import { placeOf } from '../../core/policy-place.ts'
import { context, plain, section } from './blocks.ts'
import { code, shorten } from './mrkdwn.ts'
import { codeSections } from './what-is-asked.ts'

/** Shows the exact JSON that is, or will be, attached; of a permission set, all that was in it when it was checked. */
export function renderPolicyView(request: AccessRequest, language: Language): ModalView {
  const blocks = 'target' in request ? contentOf(request, request.target, language) : [section(texts.none[language])]
  return {
    type: 'modal',
    callback_id: 'policy',
    title: plain(texts.title[language], 24),
    close: plain(texts.close[language], 24),
    // A view takes 100 blocks (platform: D4); the largest policy there is fills a third of them.
    blocks: blocks.slice(0, 100),
  }
}

function contentOf(request: AccessRequest, target: Target, language: Language): KnownBlock[] {
  if (target.kind !== 'permissionSet') {
    const isFixed = 'expiresAt' in request
    const note = isFixed ? texts.attached : texts.timesLater
    const place = placeOf(target)
    const on = texts.on[place.principal](code(shorten(place.name, 100)))
    const name = code(target.policyName)
    return [
      context(note({ en: `${name} ${on.en}`, ja: `${name}${on.ja}` })[language]),
      ...json(policyText(request, target, language)),
    ]
  }
  const { managed, customer, boundary, inline } = target.content
  const listed = [
    ...managed.map(arn => `${texts.managed[language]}  ${arn}`),
    ...customer.map(path => `${texts.customer[language]}  ${path}`),
    ...(boundary === undefined ? [] : [`${texts.boundary[language]}  ${boundary}`]),
  ]
  return [
    context(texts.set(code(target.permissionSet))[language]),
    ...(listed.length > 0 ? codeSections(listed, '') : []),
    ...(inline === undefined ? [] : json(pretty(inline))),
  ]
}

function policyText(request: AccessRequest, target: PolicyTarget, language: Language): string {
  const isFixed = 'expiresAt' in request
  const startsAt = isFixed ? request.startsAt : request.submittedAt
  const expiresAt = isFixed ? request.expiresAt : plusMinutes(startsAt, request.durationMinutes)
  // Noted just before it is put.
  const isBound = target.kind === 'rolePolicy' && target.boundFrom !== undefined
  const shown = (key: string, value: unknown) => {
    if (!isBound && key === 'aws:TokenIssueTime') return texts.issued[language]
    if (isFixed || key !== 'aws:CurrentTime') return value
    return value === startsAt ? texts.start[language] : texts.end[language]
  }
  return JSON.stringify(renderPolicy(target, startsAt, expiresAt), shown, 2)
}

function json(text: string): KnownBlock[] {
  // A text without line breaks is one long line; escaping may lengthen it fivefold.
  const lines = text.split('\n').flatMap(line => line.match(/.{1,500}/gu) ?? [])
  return codeSections(lines, '')
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

const texts = {
  title: { en: 'The exact policy', ja: 'ポリシーの内容' },
  close: { en: 'Close', ja: '閉じる' },
  none: {
    en: 'There is no policy yet: the request is still being checked.',
    ja: '確認中のため、ポリシーはまだありません。',
  },
  attached: ({ en, ja }: Text) => ({ en: `Inline policy ${en}`, ja: `インラインポリシー ${ja}` }),
  timesLater: ({ en, ja }: Text) => ({
    en: `Inline policy ${en}; times are filled in at approval`,
    ja: `インラインポリシー ${ja}。時刻は承認時に決まります`,
  }),
  on: {
    user: (name: string): Text => ({ en: `on user ${name}`, ja: `（ユーザー ${name}）` }),
    role: (name: string): Text => ({ en: `on role ${name}`, ja: `（ロール ${name}）` }),
  },
  start: { en: '<when approved>', ja: '<承認時>' },
  end: { en: '<when it ends>', ja: '<終了時>' },
  issued: { en: '<since this grant, or the one it extends>', ja: '<この付与、または延長元の付与の時点>' },
  set: (name: string) => ({
    en: `Permission set ${name} as it was when the request was checked. If this has changed by approval, nothing is granted. Policies it names are compared by name, not by content.`,
    ja: `申請の確認時点の許可セット ${name} です。承認までにこの内容が変わった場合は付与されません。名前で参照しているポリシーは、名前のみを比較します。`,
  }),
  managed: { en: 'AWS managed policy', ja: 'AWS 管理ポリシー' },
  customer: { en: "The account's own policy", ja: 'アカウント独自のポリシー' },
  boundary: { en: 'Permissions boundary', ja: 'アクセス許可の境界' },
}
