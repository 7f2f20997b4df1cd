import type { KnownBlock } from '@slack/types'
import type { RequestIn, Target } from '../../core/access-request.ts'
import type { Catalogue, Language } from '../../core/entitlement.ts'
import { type Instant, localTime } from '../../core/instant.ts'
import { trueEndOf } from '../../core/true-end.ts'
import { actions, askingBack, button, context, type Message, section } from './blocks.ts'
import { endAt, type ShowTime } from './end-words.ts'
import { enterRoleBlocks } from './enter-a-role.ts'
import { codeBlock } from './mrkdwn.ts'
import { accountText, nameText } from './words.ts'

/** A request that is active, or was. */
export type ActivatedRequest = RequestIn<
  'active' | 'revoking' | 'revoke_failed' | 'expired' | 'revoked' | 'grant_failed'
>

/**
 * Tells the requester that the access is there, how to use it, when it ends in truth and what they can do about that.
 * Holds no secret. Once it is no longer so, it says that instead.
 */
export function renderActiveMessage(request: ActivatedRequest, catalogue: Catalogue): Message {
  if (request.status !== 'active') return renderNoLonger(request)
  const { language, timeZone } = request.requester
  const show = (at: Instant) => localTime(at, timeZone, language)
  const end = trueEndOf(request)
  const say = end.by === 'removal' ? texts.normallyReady : texts.ready
  const ready = say(nameText(request.title[language]), show(request.expiresAt))[language]
  return {
    text: ready,
    blocks: [
      section(`:large_green_circle: *${ready}*\n${accountText(request.account)}`),
      ...howToUse(request, catalogue, show, language),
      context(...endAt(end, request.expiresAt, show, language), texts.eventually[language]),
      actions(
        button('extend', texts.extend[language], request.id),
        askingBack(button('end', texts.end[language], request.id, 'danger'), {
          title: texts.endNow[language],
          text: texts.beforeItsTime[language],
          yes: texts.yes[language],
          no: texts.no[language],
        }),
      ),
    ],
  }
}

function renderNoLonger(request: Exclude<ActivatedRequest, RequestIn<'active'>>): Message {
  const { language } = request.requester
  const [mark, state] = 'endedAt' in request ? [':white_circle:', texts.ended] : [':large_blue_circle:', texts.ending]
  const text = `${nameText(request.title[language])}: ${state[language]}`
  return { text, blocks: [section(`${mark} *${text}*\n${accountText(request.account)}`)] }
}

function howToUse(
  request: RequestIn<'active'>,
  catalogue: Catalogue,
  show: ShowTime,
  language: Language,
): KnownBlock[] {
  const { target } = request
  if (target.kind === 'rolePolicy' || target.kind === 'assume') {
    return enterRoleBlocks(target, request.account, show, language)
  }
  if (target.kind === 'inlinePolicy') {
    const url = `https://${encodeURIComponent(target.accountId)}.signin.aws.amazon.com/console`
    return [
      section(`*${texts.console[language]}*\n<${url}|${texts.signIn(target.userName)[language]}>`),
      section(`*${texts.commandLine[language]}*\n${texts.sameKeys[language]}\n${codeBlock(userCommands(target))}`),
      ...(target.requireMfa ? [section(texts.withMfa[language])] : []),
    ]
  }
  const identityCenter = catalogue.aws.identityCenter
  if (!identityCenter) return []
  const { startUrl, region } = identityCenter
  const profile = identifier(`${request.account.key}-${target.permissionSet}`)
  return [
    section(`*${texts.console[language]}*\n<${consoleUrl(startUrl, target)}|${texts.openPortal[language]}>`),
    section(
      `*${texts.commandLine[language]}*\n${texts.addProfile[language]}\n${codeBlock(profileLines(profile, startUrl, region, target))}`,
    ),
    section(`${texts.thenRun[language]}\n${codeBlock(setCommands(profile))}`),
  ]
}

/** The portal's own shortcut: https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html */
function consoleUrl(startUrl: string, { accountId, permissionSet }: SetTarget): string {
  const query = new URLSearchParams({ account_id: accountId, role_name: permissionSet })
  return `${startUrl.replace(/[/#]+$/, '')}/#/console?${String(query).replaceAll('&', '&amp;')}`
}

/** What `aws configure sso` would write; aws-vault reads the same file. */
function profileLines(profile: string, startUrl: string, region: string, target: SetTarget): string[] {
  const session = identifier(URL.canParse(startUrl) ? (new URL(startUrl).hostname.split('.')[0] ?? 'sso') : 'sso')
  return [
    `[sso-session ${session}]`,
    `sso_start_url = ${startUrl}`,
    `sso_region = ${region}`,
    'sso_registration_scopes = sso:account:access',
    '',
    `[profile ${profile}]`,
    `sso_session = ${session}`,
    `sso_account_id = ${target.accountId}`,
    `sso_role_name = ${target.permissionSet}`,
  ]
}

function setCommands(profile: string): string[] {
  return [
    `aws sso login --profile ${profile}`,
    `aws sts get-caller-identity --profile ${profile}`,
    `aws-vault exec ${profile} -- aws sts get-caller-identity`,
  ]
}

function userCommands({ userName }: UserTarget): string[] {
  const profile = identifier(userName)
  return [
    `aws sts get-caller-identity --profile ${profile}`,
    `aws-vault exec ${profile} -- aws sts get-caller-identity`,
  ]
}

/** Names that need no quoting in a shell or in `~/.aws/config`. */
function identifier(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 100)
}

type SetTarget = Extract<Target, { kind: 'permissionSet' }>
type UserTarget = Extract<Target, { kind: 'inlinePolicy' }>

const texts = {
  ready: (title: string, until: string) => ({
    en: `${title}: yours until ${until}`,
    ja: `${title}: ${until} まで利用できます`,
  }),
  normallyReady: (title: string, until: string) => ({
    en: `${title}: normally yours until ${until}`,
    ja: `${title}: 通常 ${until} まで利用できます`,
  }),
  console: { en: 'Console', ja: 'コンソール' },
  openPortal: { en: 'Open the AWS console with this permission set', ja: 'この許可セットで AWS コンソールを開く' },
  signIn: (userName: string) => ({
    en: `Sign in as ${nameText(userName)}`,
    ja: `${nameText(userName)} としてサインイン`,
  }),
  commandLine: { en: 'Command line', ja: 'コマンドライン' },
  sameKeys: {
    en: 'The access was added to your IAM user: the profile you use for this account has it, there is nothing to set up. With a profile named after your user:',
    ja: 'アクセスはあなたの IAM ユーザーに追加されました。このアカウントで普段使っているプロファイルのまま使えます。プロファイル名がユーザー名と同じ場合:',
  },
  withMfa: {
    en: 'It works only with MFA: sign in to the console with it, or begin a session with `aws sts get-session-token --serial-number … --token-code …` (aws-vault does so for profiles with `mfa_serial`). Plain access keys are refused.',
    ja: 'MFA が必要です。MFA でコンソールにサインインするか、`aws sts get-session-token --serial-number … --token-code …` でセッションを開始してください（aws-vault は `mfa_serial` のあるプロファイルで自動的に行います）。アクセスキーだけでは拒否されます。',
  },
  addProfile: {
    en: 'Add to `~/.aws/config` (leave the first part out if you have an sso-session for this start URL, and use its name):',
    ja: '`~/.aws/config` に追加します（同じ開始 URL の sso-session がすでにある場合は前半を省き、その名前を使ってください）:',
  },
  thenRun: { en: 'Then:', ja: '続いて実行します:' },
  extend: { en: 'Ask for more time', ja: '延長を申請する' },
  end: { en: 'I’m done, end it now', ja: '作業完了・今すぐ終了' },
  endNow: { en: 'End this access now?', ja: '今すぐアクセスを終了しますか？' },
  beforeItsTime: {
    en: 'It is taken away before its time. If you need it again, you have to ask again.',
    ja: '終了予定より前にアクセスが削除されます。もう一度必要になった場合は、改めて申請してください。',
  },
  yes: { en: 'End it', ja: '終了する' },
  no: { en: 'Keep it', ja: '終了しない' },
  ending: {
    en: 'ending. You will be told here when AWS has confirmed that it is gone',
    ja: '終了処理中です。AWS で確認でき次第、ここでお知らせします',
  },
  ended: { en: 'ended', ja: '終了しました' },
  eventually: {
    en: 'It may take up to a few minutes until every AWS service knows.',
    ja: 'すべての AWS サービスに反映されるまで、数分かかることがあります。',
  },
}
