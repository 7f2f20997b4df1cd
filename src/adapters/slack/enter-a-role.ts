import type { KnownBlock } from '@slack/types'
import type { RequestIn, Target } from '../../core/access-request.ts'
import type { Language } from '../../core/entitlement.ts'
import { section } from './blocks.ts'
import type { ShowTime } from './end-words.ts'
import { code, codeBlock } from './mrkdwn.ts'
import { nameText } from './words.ts'

type RoleTarget = Extract<Target, { kind: 'rolePolicy' | 'assume' }>

/**
 * How to enter the role that a grant is about: in the console by a link, on the command line by a profile. Where the
 * grant is on the role, a session that is open already may be of no use, which is said first.
 */
export function enterRoleBlocks(
  target: RoleTarget,
  account: RequestIn<'active'>['account'],
  show: ShowTime,
  language: Language,
): KnownBlock[] {
  const profile = `${account.key}-${target.roleName}`.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 100)
  const commands = [
    `aws sts get-caller-identity --profile ${profile}`,
    `aws-vault exec ${profile} -- aws sts get-caller-identity`,
  ]
  return [
    ...(target.kind === 'rolePolicy' && target.boundFrom
      ? [section(texts.newSession(show(target.boundFrom))[language])]
      : []),
    section(
      `*${texts.console[language]}*\n${texts.signedIn(code(target.userAccountId))[language]}\n<${switchRoleUrl(target, account.name)}|${texts.switchRole(nameText(target.roleName))[language]}>`,
    ),
    section(
      `*${texts.commandLine[language]}*\n${texts.addProfile[language]}\n${codeBlock(profileLines(profile, target))}`,
    ),
    section(`${texts.thenRun[language]}\n${codeBlock(commands)}`),
    ...(target.requireMfa ? [section(texts.withMfa[language])] : []),
  ]
}

/** The console's own link, with the role's path: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-console.html */
function switchRoleUrl({ accountId, roleArn, roleName }: RoleTarget, accountName: string): string {
  const name = roleArn.split(':role/')[1] ?? roleName
  const query = new URLSearchParams({
    account: accountId,
    roleName: name,
    displayName: `${roleName} ${accountName}`.slice(0, 64),
  })
  return `https://signin.aws.amazon.com/switchrole?${String(query).replaceAll('&', '&amp;')}`
}

/** The name of the session is not for choosing: the trust policy, or the policy that lets them in, pins it. */
function profileLines(profile: string, { roleArn, userAccountId, userName, requireMfa }: RoleTarget): string[] {
  return [
    `[profile ${profile}]`,
    `role_arn = ${roleArn}`,
    `source_profile = ${userName}`,
    `role_session_name = ${userName}`,
    ...(requireMfa ? [`mfa_serial = arn:aws:iam::${userAccountId}:mfa/${userName}`] : []),
  ]
}

const texts = {
  newSession: (from: string) => ({
    en: `*Enter the role anew.* Sessions opened before ${from} do not have this access: in the console switch back and switch again; on the command line clear what it keeps (\`rm -r ~/.aws/cli/cache\`, \`aws-vault clear\`).`,
    ja: `*ロールに切り替え直してください。* ${from} より前に開いたセッションではこのアクセスを使えません。コンソールでは一度元に戻ってから再度切り替え、コマンドラインではキャッシュを削除してください（\`rm -r ~/.aws/cli/cache\`、\`aws-vault clear\`）。`,
  }),
  console: { en: 'Console', ja: 'コンソール' },
  signedIn: (accountId: string) => ({
    en: `Signed in as your IAM user in the jump account ${accountId}:`,
    ja: `踏み台アカウント ${accountId} の IAM ユーザーでサインインした状態で:`,
  }),
  switchRole: (role: string) => ({ en: `Switch to ${role}`, ja: `${role} に切り替える` }),
  commandLine: { en: 'Command line', ja: 'コマンドライン' },
  addProfile: {
    en: 'Add to `~/.aws/config`; `source_profile` is the profile of your IAM user, and the session must bear your user name:',
    ja: '`~/.aws/config` に追加します。`source_profile` には IAM ユーザーのプロファイル名を書きます。セッション名はユーザー名と同じにしてください:',
  },
  thenRun: { en: 'Then:', ja: '続いて実行します:' },
  withMfa: {
    en: 'It works only when the role was entered with MFA: sign in to the console with it; on the command line `mfa_serial` names your device (correct it if yours is called otherwise).',
    ja: 'MFA を使ってロールを引き受けた場合のみ有効です。コンソールには MFA でサインインしてください。コマンドラインでは `mfa_serial` に MFA デバイスを指定します（デバイス名が異なる場合は書き換えてください）。',
  },
}
