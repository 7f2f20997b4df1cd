import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import { type Field, reasonLimit, ticketLimit } from '../../core/entitled.ts'
import type { Catalogue, Entitlement, Language, Parameter } from '../../core/entitlement.ts'
import { fillWords, valueLimit } from '../../core/parameters.ts'
import { trueEndOf } from '../../core/true-end.ts'
import { type Choice, context, plain, section, select } from './blocks.ts'
import { endInForm } from './end-words.ts'
import { patternText } from './field-problems.ts'
import { code, shorten } from './mrkdwn.ts'
import { wordLines } from './plain-words.ts'
import type { RequestFormValues } from './request-form-values.ts'
import { enteringWords } from './what-is-asked.ts'
import { groupMentions } from './who-approves.ts'
import { durationText } from './words.ts'

/** Names the request form; part of the public contract. */
export const requestCallbackId = 'request-access'

/** What the request form is drawn from: what the person may ask for, and what they filled in so far. */
export type RequestFormState = {
  catalogue: Catalogue
  offered: Entitlement[]
  values: RequestFormValues
}

/**
 * The form of `/request-access`. Its fields fit the chosen entitlement, whose id is its `private_metadata`: a form
 * submitted before the update for another choice arrived can be told. What was filled in is given back as initial
 * values. A menu's action_id names the entitlement, so that Slack never keeps a choice that the new menu lacks.
 */
export function renderRequestForm(state: RequestFormState, language: Language): ModalView {
  if (state.offered.length === 0) return renderNothingOffered(state.catalogue, language)
  const chosen = chosenOf(state)
  return {
    type: 'modal',
    callback_id: requestCallbackId,
    title: plain(texts.title[language], 24),
    submit: plain(texts.submit[language], 24),
    close: plain(texts.cancel[language], 24),
    private_metadata: chosen?.id ?? '',
    blocks: [
      { ...entitlementInput(state, chosen, language), dispatch_action: true },
      ...(chosen ? fieldsOf(chosen, state, language) : [context(texts.chooseFirst[language])]),
    ],
  }
}

/** Where everybody's form would be, for somebody who may not ask for anything: why, and whom to ask. */
function renderNothingOffered(catalogue: Catalogue, language: Language): ModalView {
  const keys = new Set(Object.values(catalogue.entitlements).flatMap(({ requesters }) => requesters))
  const groups = [...keys].flatMap(key => groupMentions(catalogue, key)).slice(0, 20)
  const channel = `<#${catalogue.slack.approvalsChannel}>`
  return notice(
    [texts.nothingOffered[language], texts.whoMayAsk(groups.join(', '), channel)[language]].join('\n\n'),
    language,
  )
}

/** In place of the form for guests and people of other organisations. */
export function renderNotAMember(language: Language): ModalView {
  return notice(texts.notAMember[language], language)
}

function notice(text: string, language: Language): ModalView {
  return {
    type: 'modal',
    callback_id: requestCallbackId,
    title: plain(texts.title[language], 24),
    close: plain(texts.close[language], 24),
    blocks: [section(text)],
  }
}

/** The only entitlement there is to choose is chosen. */
function chosenOf({ offered, values }: RequestFormState): Entitlement | undefined {
  if (offered.length === 1) return offered[0]
  return offered.find(({ id }) => id === values.entitlementId)
}

function fieldsOf(entitlement: Entitlement, { catalogue, values }: RequestFormState, language: Language): KnownBlock[] {
  const accounts = entitlement.accounts.flatMap((key): Choice[] => {
    const account = catalogue.accounts[key]
    if (!account) return []
    const mark = account.sensitive ? `⚠ ${account.name}` : account.name
    // The name may be cut, the id not: two accounts may differ in it only.
    return [{ value: key, label: `${shorten(mark, 60)} ${account.id}` }]
  })
  const durations = entitlement.durationsMinutes.map(
    (minutes): Choice => ({ value: String(minutes), label: durationText(minutes, language) }),
  )
  return [
    context(...gives(entitlement, catalogue, language)),
    menu('account', entitlement, accounts, values.accountKey, language),
    ...entitlement.parameters.map(parameter => parameterInput(parameter, values, language)),
    menu('duration', entitlement, durations, values.durationMinutes, language),
    {
      ...typed('reason', texts.reason[language], values.reason, { multiline: true, max_length: reasonLimit }),
      hint: plain(texts.reasonHint[language], 150),
    },
    ...(entitlement.ticket === 'off'
      ? []
      : [
          {
            ...typed('ticket', texts.ticket[language], values.ticket, { max_length: ticketLimit }),
            optional: entitlement.ticket === 'optional',
          },
        ]),
  ]
}

function entitlementInput(state: RequestFormState, chosen: Entitlement | undefined, language: Language): InputBlock {
  const choices = state.offered.map(({ id, title }): Choice => ({ value: id, label: title[language] }))
  return input('entitlement', texts.entitlement[language], {
    ...select('entitlement', choices, chosen?.id),
    placeholder: plain(texts.choose[language], 150),
  })
}

function menu(
  field: 'account' | 'duration',
  entitlement: Entitlement,
  choices: Choice[],
  kept: string | undefined,
  language: Language,
): InputBlock {
  const chosen = choices.length === 1 ? choices[0]?.value : kept
  return input(field, texts[field][language], {
    ...select(`${field}.${entitlement.id}`, choices, chosen),
    placeholder: plain(texts.choose[language], 150),
  })
}

function parameterInput(parameter: Parameter, values: RequestFormValues, language: Language): InputBlock {
  return {
    ...typed(`parameter.${parameter.name}`, parameter.label[language], values.parameters[parameter.name], {
      max_length: valueLimit,
    }),
    hint: plain(patternText(parameter.pattern, language), 300),
  }
}

function typed(
  field: Field,
  label: string,
  kept: string | undefined,
  options: { multiline?: boolean; max_length?: number },
): InputBlock {
  const initial = kept ? { initial_value: shorten(kept, 3000) } : {}
  return input(field, label, { type: 'plain_text_input', action_id: field, ...initial, ...options })
}

function input(field: Field, label: string, element: InputBlock['element']): InputBlock {
  return { type: 'input', block_id: field, label: plain(label, 150), element }
}

/** What the entitlement gives: in plain words, then the statements as far as they fit. */
function gives({ grants, accounts, parameters }: Entitlement, catalogue: Catalogue, language: Language): string[] {
  const end = endInForm(trueEndOf({ asked: grants }), language)
  if (grants.kind === 'permissionSet') return [texts.givesSet(code(shorten(grants.permissionSet, 100)))[language], end]
  if (grants.kind === 'assume') {
    const { role, requireMfa = true } = grants
    return [texts.givesEntry[language], ...wordLines(enteringWords(role), { requireMfa }, language), end]
  }
  const requireMfa = grants.requireMfa ?? accounts.every(key => catalogue.accounts[key]?.sensitive === true)
  const blanks = Object.fromEntries(parameters.map(({ name, label }) => [name, `‹${label[language]}›`]))
  const words = fillWords(grants.words ?? { lines: [] }, blanks)
  const all = grants.statements.map(({ actions, resources }) => `${actions.join(', ')} → ${resources.join(', ')}`)
  return [
    grants.on === 'user'
      ? texts.givesPolicy[language]
      : texts.givesOnRole(code(shorten(grants.on.role, 100)))[language],
    ...wordLines(words, { ...grants, requireMfa }, language),
    code(shorten(all.join('; '), 300)),
    end,
  ]
}

const texts = {
  title: { en: 'Request access', ja: 'アクセス申請' },
  submit: { en: 'Send request', ja: '申請する' },
  cancel: { en: 'Cancel', ja: 'キャンセル' },
  close: { en: 'Close', ja: '閉じる' },
  choose: { en: 'Choose', ja: '選択してください' },
  chooseFirst: {
    en: 'Choose what you need; the other fields follow from it.',
    ja: '必要なアクセスを選ぶと、残りの項目が表示されます。',
  },
  entitlement: { en: 'What do you need?', ja: '必要なアクセス' },
  account: { en: 'Account', ja: 'アカウント' },
  duration: { en: 'For how long, from approval?', ja: '期間（承認から）' },
  reason: { en: 'Reason', ja: '理由' },
  reasonHint: {
    en: 'Approvers read this, and it is kept in the record. No passwords or keys.',
    ja: '承認者が読み、記録に残ります。パスワードやキーは書かないでください。',
  },
  ticket: { en: 'Ticket', ja: 'チケット' },
  givesSet: (set: string) => ({
    en: `Gives you the permission set ${set} in the account.`,
    ja: `アカウントで許可セット ${set} を使えるようになります。`,
  }),
  givesPolicy: {
    en: 'Adds an inline policy to your IAM user:',
    ja: 'あなたの IAM ユーザーに、次のインラインポリシーを追加します:',
  },
  givesOnRole: (role: string) => ({
    en: `Adds an inline policy to the shared role ${role}, for your sessions only:`,
    ja: `共有ロール ${role} に、あなたのセッションだけに効く次のインラインポリシーを追加します:`,
  }),
  givesEntry: {
    en: 'Lets your IAM user in the jump account enter a role:',
    ja: '踏み台アカウントの IAM ユーザーが、次のロールを引き受けられるようになります:',
  },
  nothingOffered: {
    en: 'There is nothing here that you may ask for yet.',
    ja: '現在、あなたが申請できるアクセスはありません。',
  },
  whoMayAsk: (groups: string, channel: string) => ({
    en: groups
      ? `Access is asked for by members of ${groups}. If you need it, ask in ${channel} to be added.`
      : `If you need access, ask in ${channel}.`,
    ja: groups
      ? `申請できるのは ${groups} のメンバーです。必要な場合は ${channel} で追加を依頼してください。`
      : `必要な場合は ${channel} で問い合わせてください。`,
  }),
  notAMember: {
    en: 'Only full members of this workspace can ask for access, not guests or people of other organisations. Ask a colleague who is a member.',
    ja: 'アクセスを申請できるのはこのワークスペースの正式なメンバーだけです（ゲストや他の組織の方はできません）。メンバーの方に相談してください。',
  },
}
