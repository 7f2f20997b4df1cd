/** One permission set, one policy with a parameter; everything else as short as it can be. */
export const validCatalogue = `slack: { team: T0001, approvalsChannel: C0APPROVE, alertsChannel: C0ALERT }
aws:
  hubAccount: "000000000000"
  managementAccount: "999999999999"
  memberRole: curfew-member
  identityCenter:
    region: ap-northeast-1
    instanceArn: arn:aws:sso:::instance/ssoins-1
    identityStoreId: d-1
    startUrl: https://example.awsapps.com/start
  accounts:
    hub: { id: "000000000000", name: Jump account }
    prod: { id: "111111111111", name: Production, sensitive: true }
people: { emailDomains: [example.com] }
groups:
  platform: { slackUserGroup: S0PLATFORM }
  developers: { slackUsers: [U0ALICE] }
entitlements:
  read:
    title: { en: Read, ja: 読む }
    permissionSet: ReadOnly
    leash: off
    accounts: [prod]
    requesters: [developers]
    approvals: { rules: [{ from: [platform], count: 1 }] }
    durations: [30m, 1h]
  table:
    title: { en: Table, ja: テーブル }
    inlinePolicy:
      on: user
      statements:
        - actions: ["dynamodb:GetItem"]
          resources: ["arn:aws:dynamodb:*:000000000000:table/\${table}"]
    parameters: { table: { label: { en: Table, ja: テーブル }, pattern: "^[a-z-]{3,40}$" } }
    accounts: [hub]
    requesters: [developers]
    approvals: { rules: [{ from: [platform] }], within: 90m }
    durations: [15m, 12h]
    ticket: optional
`

/** The valid catalogue with one text in it replaced. */
export function withChange(from: string, to: string): string {
  if (validCatalogue.split(from).length !== 2) throw new Error(`${from} is not in the valid catalogue exactly once`)
  return validCatalogue.replace(from, () => to)
}
