import type { RequestIn } from '../../core/access-request.ts'
import { type Opened, persistenceOf } from '../../core/after-end.ts'
import { firstOf } from '../../core/dangers.ts'
import type { Language, Text } from '../../core/entitlement.ts'
import { type Instant, plusMinutes } from '../../core/instant.ts'
import { type TrueEnd, trueEndOf } from '../../core/true-end.ts'
import { code } from './mrkdwn.ts'
import { durationText } from './words.ts'

/** How an instant is shown: Slack's own date in a channel, the person's time zone in their messages. */
export type ShowTime = (at: Instant) => string

/** How the access ends in truth, before the window is fixed; and what the end will not undo. */
export function endAfterApproval(end: TrueEnd, durationMinutes: number, language: Language): string[] {
  const length = (lang: Language) => durationText(durationMinutes, lang)
  const when = { en: `${length('en')} after approval`, ja: `承認から${length('ja')}後` }
  const { lateMinutes } = end
  const late = lateMinutes !== undefined && {
    en: `up to ${durationText(lateMinutes, 'en')} longer`,
    ja: `さらに最長${durationText(lateMinutes, 'ja')}`,
  }
  const stays = persistenceOf(end.afterEnd).length > 0 ? [texts.stays[language]] : []
  return [[sentence(end, when, late)[language], ...stays].join(language === 'en' ? ' ' : ''), ...opened(end, language)]
}

/** How the access ends in truth, once the window is fixed. */
export function endAt(end: TrueEnd, expiresAt: Instant, show: ShowTime, language: Language): string[] {
  const at = show(expiresAt)
  const { lateMinutes } = end
  const lateAt = lateMinutes === undefined ? undefined : show(plusMinutes(expiresAt, lateMinutes))
  const late = lateAt !== undefined && { en: `until ${lateAt}`, ja: ` ${lateAt} まで` }
  return [sentence(end, { en: at, ja: ` ${at} ` }, late)[language].trim(), ...opened(end, language)]
}

/** The end in a few words inside a sentence; `shown` is the time. Where nobody enforces it, it is the normal one. */
export function untilText({ by }: TrueEnd, shown: string): Text {
  return by === 'removal'
    ? { en: `normally until ${shown}`, ja: `通常 ${shown} まで` }
    : { en: `until ${shown}`, ja: `${shown} まで` }
}

/** The end in the form, where only the catalogue is known. */
export function endInForm({ by }: TrueEnd, language: Language): string {
  return { aws: texts.formAws, unless_escaped: texts.formAws, entry: texts.formEntry, removal: texts.formRemoval }[by][
    language
  ]
}

/** What may outlive access that is over; empty when nothing does, or nothing was removed since others hold it. */
export function outlives(request: RequestIn<'expired' | 'revoked'>, show: ShowTime, language: Language): string[] {
  if (request.keptUntil) return []
  const end = trueEndOf(request)
  const late =
    end.lateMinutes === undefined ? [] : [texts.sessions(show(plusMinutes(request.endedAt, end.lateMinutes)))]
  return [...late.map(text => text[language]), ...opened(end, language)]
}

function sentence({ by, afterEnd }: TrueEnd, when: Text, late: Text | false): Text {
  switch (by) {
    case 'aws':
      return texts.aws(when)
    case 'unless_escaped': {
      const { escapes, unread } = afterEnd
      return escapes.length > 0
        ? texts.escapable(when, code(firstOf(escapes)))
        : texts.unread(when, code(firstOf(unread)))
    }
    case 'entry':
      return texts.entry(when, late || texts.forAWhile)
    case 'removal':
      return texts.removal(when, late || texts.forAWhile)
  }
}

function opened({ afterEnd }: TrueEnd, language: Language): string[] {
  const { opens } = afterEnd
  return opens.length > 0 ? [texts.opened(opens)[language]] : []
}

const openedTexts: Record<Opened, Text> = {
  session_manager: { en: 'Session Manager', ja: 'Session Manager' },
  ecs_exec: { en: 'ECS Exec', ja: 'ECS Exec' },
  instance_connect: { en: 'EC2 Instance Connect', ja: 'EC2 Instance Connect' },
  database: { en: 'databases', ja: 'データベース' },
}

const texts = {
  aws: (when: Text): Text => ({
    en: `Ends ${when.en}: from then on AWS itself refuses it.`,
    ja: `${when.ja}に終了します。それ以降は AWS 自身が拒否します。`,
  }),
  escapable: (when: Text, escapes: string): Text => ({
    en: `Ends ${when.en}: AWS itself refuses it from then on, but its holder can get around that (${escapes}), so the end is not enforceable.`,
    ja: `${when.ja}に終了し、それ以降は AWS 自身が拒否します。ただし、利用者が抜け道を作れるため（${escapes}）、終了は強制できません。`,
  }),
  unread: (when: Text, unread: string): Text => ({
    en: `Ends ${when.en}: AWS itself refuses it from then on. Whether its holder can get around that is not known (${unread}).`,
    ja: `${when.ja}に終了し、それ以降は AWS 自身が拒否します。利用者が抜け道を作れるかどうかは確認できていません（${unread}）。`,
  }),
  removal: (when: Text, late: Text): Text => ({
    en: `Normally ends ${when.en}. Sessions already open may last ${late.en}, and the end is not enforced while Curfew is down.`,
    ja: `通常は${when.ja}に終了します。すでに開かれたセッションは${late.ja}続くことがあり、Curfew が停止している間は終了が強制されません。`,
  }),
  entry: (when: Text, late: Text): Text => ({
    en: `Ends ${when.en}: from then on AWS itself lets nobody into the role any more. Sessions opened before may last ${late.en}.`,
    ja: `${when.ja}に終了します。それ以降は AWS 自身がロールの引き受けを拒否します。それまでに開かれたセッションは${late.ja}続くことがあります。`,
  }),
  forAWhile: { en: 'longer', ja: 'その後も' },
  stays: {
    en: 'What is made meanwhile (keys, roles, running jobs) stays.',
    ja: 'その間に作られたもの（キー、ロール、実行中のジョブ）は残ります。',
  },
  sessions: (at: string): Text => ({
    en: `Sessions opened before may last until ${at}.`,
    ja: `それまでに開かれたセッションは ${at} まで続くことがあります。`,
  }),
  opened: (opens: Opened[]): Text => ({
    en: `Connections opened before the end last until they are closed: ${opens.map(kind => openedTexts[kind].en).join(', ')}.`,
    ja: `終了前に開いた接続は、閉じるまで続きます（${opens.map(kind => openedTexts[kind].ja).join('、')}）。`,
  }),
  formAws: {
    en: 'When the time is over, AWS itself refuses it.',
    ja: '期間が過ぎると、AWS 自身が拒否します。',
  },
  formEntry: {
    en: 'When the time is over, AWS itself lets you in no more; a session that is open then may go on for a while.',
    ja: '期間が過ぎると、AWS 自身がロールの引き受けを拒否します。そのとき開いているセッションは、しばらく続くことがあります。',
  },
  formRemoval: {
    en: 'When the time is over, it is taken away; sessions that are open then may go on for a while.',
    ja: '期間が過ぎると削除されます。そのとき開いているセッションは、しばらく続くことがあります。',
  },
}
