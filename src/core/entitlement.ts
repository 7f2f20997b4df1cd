/** The languages Curfew speaks. */
export type Language = 'en' | 'ja'

/** Text in both languages. */
export type Text = Record<Language, string>

/** An AWS account of the catalogue. `key` is its name in the catalogue, `id` its twelve digits. */
export type Account = { key: string; id: string; name: string; sensitive: boolean }

/** One Allow statement: what the author wrote, or the same with the parameters filled in. */
export type Statement = { actions: string[]; resources: string[] }

/** What a policy gives, for people who do not read policies: a line or a few, and what to be careful about. */
export type PlainWords = { lines: Text[]; careful?: Text }

/** What an inline policy asks for beside the time. In the catalogue an absent `requireMfa` means: in sensitive accounts, and for entering a role. */
export type Limits = { requireMfa?: boolean; regions?: string[] }

/** What an entitlement gives, as its author wrote it. `words` were made of the statements when the catalogue was read. */
export type Grantable =
  | ({ kind: 'inlinePolicy'; on: 'user' | { role: string }; statements: Statement[]; words?: PlainWords } & Limits)
  | { kind: 'permissionSet'; permissionSet: string; leash: 'off' | 'required' }
  | ({ kind: 'assume'; role: string } & Pick<Limits, 'requireMfa'>)

/** A blank in the resources of a policy. `pattern` must match the whole value. */
export type Parameter = { name: string; label: Text; pattern: string }

/** How many distinct people out of which groups (keys of the catalogue) must approve. */
export type ApprovalRule = { from: string[]; count: number }

/** What may be asked for: by whom, where, for how long, and who says yes. */
export type Entitlement = {
  id: string
  title: Text
  grants: Grantable
  /** Keys of `Catalogue.accounts`. */
  accounts: string[]
  /** Keys of `Catalogue.groups`. */
  requesters: string[]
  /** All of them must be met; one person counts for one rule. */
  approvals: ApprovalRule[]
  /** A request nobody decided lapses after this. */
  lapseMinutes: number
  /** What may be chosen, ascending. */
  durationsMinutes: number[]
  ticket: 'required' | 'optional' | 'off'
  /** In sensitive accounts too it may leave things behind that go on after the end. */
  allowPersistence?: true
  parameters: Parameter[]
}

/** A group of people: a Slack user group, or Slack users by id. */
export type Group = { slackUserGroup: string } | { slackUsers: string[] }

/** How Slack people map to AWS people. `iamUser` is a template with `{emailLocalPart}`; overrides go by Slack user id. */
export type PeopleRules = {
  emailDomains: string[]
  iamUser: string
  overrides: Record<string, { iamUser?: string; identityCenterUser?: string }>
}

/** An account by its id; one that the catalogue does not list is not marked as sensitive. */
export function accountWith(id: string, { accounts }: Pick<Catalogue, 'accounts'>): Pick<Account, 'id' | 'sensitive'> {
  return Object.values(accounts).find(account => account.id === id) ?? { id, sensitive: false }
}

/** The parsed `curfew.yaml`. */
export type Catalogue = {
  slack: { team: string; approvalsChannel: string; alertsChannel: string; language: Language }
  aws: {
    hubAccount: string
    managementAccount: string
    memberRole: string
    /** ARN patterns that are never a target. */
    neverTouch: string[]
    /** SAML providers that name each session after the person's IAM user, by ARN. */
    federation: string[]
    identityCenter?: {
      region: string
      instanceArn: string
      identityStoreId: string
      startUrl: string
      /** The role to administer it with, where that is done in another account. */
      assumeRole?: string | undefined
    }
  }
  accounts: Record<string, Account>
  /** Action patterns denied beside the built-in ones. */
  neverGrant: string[]
  people: PeopleRules
  groups: Record<string, Group>
  /** Keys of `groups`: who looks after Curfew, and may end anybody's access. Nobody when empty. */
  operators: string[]
  entitlements: Record<string, Entitlement>
}
