import type { Catalogue, Language, Text } from '../../core/entitlement.ts'
import type { Holder } from '../../core/policy-place.ts'
import type { Finding, Unread } from '../../core/reconcile.ts'

/** Says in one sentence what a finding is. `show` draws a name: Slack needs it escaped, a terminal as it is. */
export function findingSentence(
  finding: Finding,
  catalogue: Catalogue,
  language: Language,
  show: (name: string) => string,
): string {
  const account = accountOf(finding.accountId, catalogue, show)
  switch (finding.kind) {
    case 'stray_policy':
      return texts.strayPolicy(
        show(finding.policyName),
        holderWords(finding, show),
        account,
        texts.because(finding.because)[language],
      )[language]
    case 'missing_policy':
      return texts.missingPolicy(show(finding.requestId), holderWords(finding, show), account)[language]
    case 'missing_assignment': {
      const requests = finding.requestIds.map(show).join(', ') || '–'
      return texts.missingAssignment(show(finding.userName), show(finding.permissionSet), account, requests)[language]
    }
    case 'foreign_assignment':
      return [
        texts.foreign(whoIs(finding, show, language), show(finding.permissionSet), account)[language],
        ...(finding.lastGivenBy ? [texts.givenBefore(show(finding.lastGivenBy))[language]] : []),
      ].join('')
    case 'group_assignment':
      return texts.group(whoIs(finding, show, language), show(finding.permissionSet), account)[language]
  }
}

/** Says what could not be compared, and why. */
export function unreadSentence(
  { accountId, permissionSet, problem }: Unread,
  catalogue: Catalogue,
  language: Language,
  show: (name: string) => string,
): string {
  const account = accountId === undefined ? '' : accountOf(accountId, catalogue, show)
  const place = permissionSet ? texts.set(show(permissionSet), account) : account ? texts.users(account) : texts.sets
  const rights =
    accountId !== undefined && permissionSet === undefined ? 'member-account.template.yaml' : 'bot-policy.json'
  return `${place[language]}: ${show(problem).replace(/\.$/, '')}${texts.rights(`infra/${rights}`)[language]}`
}

/** How many of each kind, most pressing first; nothing for what was not found. */
export function countsInWords(findings: Finding[], unread: Unread[], language: Language): string {
  const of = (kind: Finding['kind']) => findings.filter(finding => finding.kind === kind).length
  return [
    texts.strays(of('stray_policy')),
    texts.missing(of('missing_policy') + of('missing_assignment')),
    texts.foreigners(of('foreign_assignment')),
    texts.groups(of('group_assignment')),
    texts.unread(unread.length),
  ]
    .flatMap(part => (part === undefined ? [] : [part[language]]))
    .join(language === 'ja' ? '、' : ' · ')
}

function accountOf(accountId: string, catalogue: Catalogue, show: (name: string) => string): string {
  const account = Object.values(catalogue.accounts).find(({ id }) => id === accountId)
  return account ? `${show(account.name)} (${accountId})` : accountId
}

function whoIs(
  { name, principalId }: { name?: string; principalId: string },
  show: (name: string) => string,
  language: Language,
): string {
  return name === undefined ? `${show(principalId)} ${texts.nameless[language]}` : show(name)
}

function holderWords({ principal, name }: Holder, show: (name: string) => string): Text {
  const words = { user: { en: 'user', ja: 'ユーザー' }, role: { en: 'role', ja: 'ロール' } }[principal]
  return { en: `${words.en} ${show(name)}`, ja: `${words.ja} ${show(name)}` }
}

const count = (number: number, one: Text, more: Text): Text | undefined =>
  number === 0 ? undefined : { en: `${number} ${(number === 1 ? one : more).en}`, ja: `${one.ja} ${number} 件` }

const texts = {
  strayPolicy: (policy: string, holder: Text, account: string, because: string): Text => ({
    en: `${policy} on ${holder.en} in ${account}: ${because}`,
    ja: `${account} の${holder.ja} の ${policy}: ${because}`,
  }),
  because: (status: Extract<Finding, { kind: 'stray_policy' }>['because']): Text => {
    if (status === 'no_request') return { en: 'no request has this name', ja: 'この名前の申請はありません' }
    if (status === 'other_holder') {
      return { en: 'its request is for another user or role', ja: 'この名前の申請は別のユーザーまたはロールのものです' }
    }
    return { en: `its request is ${status}, not active`, ja: `この名前の申請は有効ではありません (${status})` }
  },
  missingPolicy: (request: string, holder: Text, account: string): Text => ({
    en: `${request} is active, but ${holder.en} in ${account} does not have its policy`,
    ja: `${request} は有効ですが、${account} の${holder.ja} にそのポリシーがありません`,
  }),
  missingAssignment: (user: string, set: string, account: string, requests: string): Text => ({
    en: `${user} should have ${set} in ${account} (${requests}), but AWS does not list them`,
    ja: `${user} には ${account} の ${set} があるはずですが (${requests})、AWS の一覧にありません`,
  }),
  givenBefore: (request: string): Text => ({
    en: `; they had it through ${request}, which has ended`,
    ja: `（終了済みの申請 ${request} で付与されていたものと同じです）`,
  }),
  foreign: (who: string, set: string, account: string): Text => ({
    en: `${who} has ${set} in ${account}, not made through Curfew`,
    ja: `${who} に ${account} の ${set} があります (Curfew によるものではありません)`,
  }),
  group: (who: string, set: string, account: string): Text => ({
    en: `Group ${who} has ${set} in ${account}`,
    ja: `グループ ${who} に ${account} の ${set} があります`,
  }),
  nameless: { en: '(gone from the directory)', ja: '(ディレクトリに存在しません)' },
  users: (account: string): Text => ({
    en: `IAM users and roles of ${account} could not be read`,
    ja: `${account} の IAM ユーザーとロールを読み取れません`,
  }),
  set: (set: string, account: string): Text => ({
    en: `Assignments of ${set} in ${account} could not be read`,
    ja: `${account} の ${set} の割り当てを読み取れません`,
  }),
  rights: (file: string): Text => ({
    en: `. If a right is missing, deploy ${file} again.`,
    ja: `。権限が不足している場合は、${file} を再度デプロイしてください。`,
  }),
  sets: { en: 'Permission sets could not be read', ja: '許可セットを読み取れません' },
  strays: (number: number) =>
    count(
      number,
      { en: 'policy that no request holds', ja: '対応する申請のないポリシー' },
      { en: 'policies that no request holds', ja: '' },
    ),
  missing: (number: number) =>
    count(number, { en: 'grant missing in AWS', ja: 'AWS から失われた権限' }, { en: 'grants missing in AWS', ja: '' }),
  foreigners: (number: number) =>
    count(
      number,
      { en: 'assignment not made through Curfew', ja: 'Curfew によらない割り当て' },
      { en: 'assignments not made through Curfew', ja: '' },
    ),
  groups: (number: number) =>
    count(
      number,
      { en: 'group with standing access', ja: '常時アクセスを持つグループ' },
      { en: 'groups with standing access', ja: '' },
    ),
  unread: (number: number) =>
    count(
      number,
      { en: 'place that could not be read', ja: '読み取れなかった箇所' },
      { en: 'places that could not be read', ja: '' },
    ),
}
