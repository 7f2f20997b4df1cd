import type { AccessRequest, Target } from '../../core/access-request.ts'
import type { Language } from '../../core/entitlement.ts'
import { context, fields, type Message, section } from './blocks.ts'
import { code, mention, shorten } from './mrkdwn.ts'
import { noteText, refusalTexts } from './refusals.ts'
import { accountText, nameText } from './words.ts'

/** Tells operators that access was ended before its time since what it rested on was changed, and how to mend that. */
export function renderCutMessage(
  request: AccessRequest,
  target: Target,
  { code: why, note }: { code: keyof typeof refusalTexts; note?: string },
  language: Language,
): Message {
  const headline = texts.headline[language]
  const title = nameText(request.title[language])
  return {
    text: `${headline}: ${title} (${nameText(request.account.name)})`,
    blocks: [
      section(`:rotating_light: *${headline}*
${title} – ${accountText(request.account)}`),
      fields([
        { label: texts.requester[language], value: mention(request.requester.slackUserId) },
        { label: texts.user[language], value: code(shorten(target.userName, 200)) },
        ...('roleArn' in target ? [{ label: texts.role[language], value: code(shorten(target.roleArn, 200)) }] : []),
      ]),
      section([refusalTexts[why][language], ...noteText(note)].join('\n')),
      context(texts.lookInto[language], code(request.id)),
    ],
  }
}

const texts = {
  headline: {
    en: 'Access ended early: what it rested on was changed',
    ja: '前提の変更により、アクセスを途中で終了しました',
  },
  requester: { en: 'Requester', ja: '申請者' },
  user: { en: 'AWS user', ja: 'AWS ユーザー' },
  role: { en: 'Role', ja: 'ロール' },
  lookInto: {
    en: 'If nobody meant to change it, find out who did: CloudTrail has the call.',
    ja: '意図しない変更であれば、誰が変更したかを CloudTrail で確認してください。',
  },
}
