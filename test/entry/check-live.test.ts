import { describe, expect, it } from 'vitest'
import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts'
import { createTableIfMissing } from '../../src/adapters/dynamodb/create-table.ts'
import { createDynamoTable } from '../../src/adapters/dynamodb/table.ts'
import type { PolicyDocument } from '../../src/playground/aws/policy.ts'
import type { AwsSeed } from '../../src/playground/aws/seed.ts'
import type { SimulatedAws } from '../../src/playground/aws/simulated-aws.ts'
import { aMember, aRoster, at } from '../support/builders.ts'
import { awsSettings } from '../support/start-dynalite.ts'
import { check } from './check-support.ts'

/** A catalogue with these entitlements alone. */
function catalogueOf(...entitlements: { id: string; gives: string; in: string; more?: string }[]): string {
  return `slack: { team: T0001, approvalsChannel: C0APPROVE, alertsChannel: C0ALERT }
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
    dev: { id: "222222222222", name: Development }
    prod: { id: "111111111111", name: Production, sensitive: true }
people: { emailDomains: [example.com] }
groups: { platform: { slackUserGroup: S0PLATFORM } }
entitlements:
${entitlements
  .map(
    one => `  ${one.id}:
    title: { en: ${one.id}, ja: ${one.id} }
    ${one.gives}
    accounts: [${one.in}]
    requesters: [platform]
    approvals: { rules: [{ from: [platform], count: 1 }] }
    durations: [1h]${one.more ?? ''}
`,
  )
  .join('')}`
}

const reading = 'Reading AWS, at most four calls a second …\n'
const center = '--region ap-northeast-1 --instance-arn arn:aws:sso:::instance/ssoins-1'

function allow(Action: string[], Resource = '*'): PolicyDocument {
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } }
}

const arnOf = (aws: SimulatedAws, name: string) =>
  aws.snapshot().permissionSets.find(set => set.name === name)?.arn ?? ''
const groupOf = (aws: SimulatedAws, name: string) =>
  aws.snapshot().groups.find(group => group.name === name)?.groupId ?? ''

const closed =
  '\'{"Version":"2012-10-17","Statement":[{"Sid":"Generation0","Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"}]}\''

describe.concurrent('npm run check -- --live', () => {
  it('shows place by place that everything is in order, changes nothing, and ends with 0', async () => {
    const { code, out, err, aws } = await check(['--live'])
    expect(out.map(line => line.replace(/_[0-9a-f]{16}$/, '_…').replace(/ps-[0-9a-f]{16}/, 'ps-…'))).toEqual([
      'Jump account (000000000000)',
      '  ✓  active       ACTIVE',
      '  ✓  member role  curfew-member lets Curfew in',
      '',
      'Development (222222222222)',
      '  ✓  active       ACTIVE',
      '  ✓  member role  curfew-member lets Curfew in',
      '',
      'Production (111111111111)',
      '  ✓  active       ACTIVE',
      '  ✓  member role  curfew-member lets Curfew in',
      '',
      'Curfew-ReadOnly, on a leash',
      '  ✓  there      arn:aws:sso:::permissionSet/ssoins-1/ps-…',
      '  ✓  sessions   last 8 h; the leash ends them on time',
      '  ✓  bounded    by /curfew/leash-Curfew-ReadOnly',
      '  ✓  escapable  no, as far as its policies tell',
      '',
      'Curfew-ReadOnly in Production (111111111111)',
      '  ✓  installed  /curfew/leash-Curfew-ReadOnly',
      '  ✓  carried    by arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Curfew-ReadOnly_…',
      '  ✓  anchored   by the empty group curfew-anchor',
      '  ✓  dedicated  nobody has it but through Curfew',
      '',
      'Curfew-PowerUser, without a leash',
      '  ·  ends  by removal: an open session may go on for up to 2 h, and nobody is removed while Curfew is down',
      '',
      'Role Dev in Development (222222222222), which a team shares',
      '  ✓  there      arn:aws:iam::222222222222:role/Dev',
      '  ✓  grantable  nothing speaks against it',
      '  ✓  pinned     everybody enters under a name that is theirs alone',
      '  ✓  lets in    IAM users of the jump account',
      '',
      'Role Admin in Production (111111111111), which people enter',
      '  ✓  there      arn:aws:iam::111111111111:role/Admin',
      '  ✓  grantable  nothing speaks against it',
      '  ✓  lets in    IAM users of the jump account',
      '  ✓  sessions   end on time: it is under /curfew/leash-Admin',
      '',
      'AWS is as the catalogue needs it.',
      '',
    ])
    expect({ code, err }).toEqual({ code: 0, err: reading })
    expect(aws.calls().filter(({ operation }) => !/^(Get|List|Describe|AssumeRole$)/.test(operation))).toEqual([])
  }, 120_000)
})

/** A set on a leash that lacks nothing, and everything that belongs to it in Production. */
function addLeashedSet(seed: AwsSeed, name: string, to: AwsSeed['assignments'][number]['to'][]) {
  const prod = seed.accounts.find(({ id }) => id === '111111111111')!
  const leash = { path: '/curfew/', name: `leash-${name}`, document: allow(['*']) }
  prod.managedPolicies = [...(prod.managedPolicies ?? []), leash]
  const policy = allow(['s3:GetObject'])
  const set: AwsSeed['permissionSets'][number] = {
    name,
    sessionDuration: 'PT4H',
    policy,
    boundary: `/curfew/leash-${name}`,
  }
  seed.permissionSets.push(set)
  seed.assignments.push(...to.map(one => ({ accountId: prod.id, permissionSet: name, to: one })))
  return { set, prod }
}

const anchor = { group: 'curfew-anchor' }

describe.concurrent('of a set on a leash', () => {
  it('says in turn what is missing, with the command that mends it, and ends with 1', async () => {
    const { code, out, aws } = await check(['--live'], {
      catalogue: catalogueOf(
        { id: 'absent', gives: 'permissionSet: Gone\n    leash: required', in: 'prod' },
        { id: 'bare', gives: 'permissionSet: Bare\n    leash: required', in: 'prod' },
        { id: 'unbound', gives: 'permissionSet: Unbound\n    leash: required', in: 'prod' },
        { id: 'shared', gives: 'permissionSet: Shared\n    leash: required', in: 'prod' },
      ),
      change(seed) {
        const bare = addLeashedSet(seed, 'Bare', [])
        bare.prod.managedPolicies?.pop()
        delete addLeashedSet(seed, 'Unbound', [anchor]).set.boundary
        addLeashedSet(seed, 'Shared', [{ user: 'alice' }, { group: 'platform' }])
      },
    })
    const role = (name: string) =>
      out.find(line => line.includes(`AWSReservedSSO_${name}_`))?.replace(/^.*(arn:aws:iam:\S+)$/, '$1')
    const on = (name: string) => `${center} --permission-set-arn ${arnOf(aws, name)}`
    const inProd = '--target-type AWS_ACCOUNT --target-id 111111111111'
    const group = groupOf(aws, 'curfew-anchor')
    const user = aws.snapshot().identityCenterUsers.find(({ userName }) => userName === 'alice')?.userId
    expect(out).toEqual([
      'Production (111111111111)',
      '  ✓  active       ACTIVE',
      '  ✓  member role  curfew-member lets Curfew in',
      '',
      'Gone, on a leash',
      '  ✗  there  no: there is no such permission set',
      `       aws sso-admin create-permission-set ${center} --name Gone --session-duration PT1H`,
      '',
      'Bare, on a leash',
      `  ✓  there      ${arnOf(aws, 'Bare')}`,
      '  ✓  sessions   last 4 h; the leash ends them on time',
      '  ✓  bounded    by /curfew/leash-Bare',
      '  ✓  escapable  no, as far as its policies tell',
      '',
      'Bare in Production (111111111111)',
      '  ✗  installed  no: the account has no /curfew/leash-Bare',
      `       aws iam create-policy --path /curfew/ --policy-name leash-Bare --policy-document ${closed}`,
      '  ✗  carried    no: the set has no role here until it is assigned',
      '  ✗  anchored   no: without an empty group assigned, the role goes with the last assignment',
      '       GROUP=$(aws identitystore create-group --region ap-northeast-1 --identity-store-id d-1 --display-name curfew-anchor --query GroupId --output text)',
      `       aws sso-admin create-account-assignment ${on('Bare')} ${inProd} --principal-type GROUP --principal-id "$GROUP"`,
      '  ✓  dedicated  nobody has it but through Curfew',
      '',
      'Unbound, on a leash',
      `  ✓  there      ${arnOf(aws, 'Unbound')}`,
      '  ✓  sessions   last 4 h; the leash ends them on time',
      '  ✗  bounded    no: it has no boundary',
      `       aws sso-admin put-permissions-boundary-to-permission-set ${on('Unbound')} --permissions-boundary 'CustomerManagedPolicyReference={Name=leash-Unbound,Path=/curfew/}'`,
      '  ✓  escapable  no, as far as its policies tell',
      '',
      'Unbound in Production (111111111111)',
      '  ✓  installed  /curfew/leash-Unbound',
      `  ✗  carried    not by ${role('Unbound')}`,
      `       aws sso-admin provision-permission-set ${on('Unbound')} ${inProd}`,
      '  ✓  anchored   by the empty group curfew-anchor',
      '  ✓  dedicated  nobody has it but through Curfew',
      '',
      'Shared, on a leash',
      `  ✓  there      ${arnOf(aws, 'Shared')}`,
      '  ✓  sessions   last 4 h; the leash ends them on time',
      '  ✓  bounded    by /curfew/leash-Shared',
      '  ✓  escapable  no, as far as its policies tell',
      '',
      'Shared in Production (111111111111)',
      '  ✓  installed  /curfew/leash-Shared',
      `  ✓  carried    by ${role('Shared')}`,
      '  ✗  anchored   no: without an empty group assigned, the role goes with the last assignment',
      // The group that is known to keep another set's role.
      `       aws sso-admin create-account-assignment ${on('Shared')} ${inProd} --principal-type GROUP --principal-id ${group}`,
      '  ✗  dedicated  no: alice has it too, not through Curfew',
      `       aws sso-admin delete-account-assignment ${on('Shared')} ${inProd} --principal-type USER --principal-id ${user}`,
      '  ✗  dedicated  no: group platform has it too, not through Curfew',
      `       aws sso-admin delete-account-assignment ${on('Shared')} ${inProd} --principal-type GROUP --principal-id ${groupOf(aws, 'platform')}`,
      '',
      '9 to mend (✗).',
      '',
    ])
    expect(code).toBe(1)
  }, 120_000)

  it('names what escapes it, and who is refused it for that', async () => {
    const { code, out, aws } = await check(['--live'], {
      catalogue: catalogueOf(
        { id: 'iam', gives: 'permissionSet: Escaping\n    leash: required', in: 'prod, dev' },
        {
          id: 'iam-all-the-same',
          gives: 'permissionSet: Escaping\n    leash: required',
          in: 'prod',
          more: '\n    allowPersistence: true',
        },
      ),
      change(seed) {
        const { set, prod } = addLeashedSet(seed, 'Escaping', [anchor])
        set.policy = allow(['iam:CreateAccessKey', 'sts:AssumeRole', 'lambda:CreateFunction'])
        set.customer = ['/team/deploy']
        prod.managedPolicies?.push({ path: '/team/', name: 'deploy', document: allow(['s3:GetObject']) })
      },
    })
    expect(
      out.slice(out.indexOf('Escaping, on a leash'), out.indexOf('Escaping in Production (111111111111)')),
    ).toEqual([
      'Escaping, on a leash',
      `  ✓  there      ${arnOf(aws, 'Escaping')}`,
      '  ✓  sessions   last 4 h; the leash ends them on time',
      '  ✓  bounded    by /curfew/leash-Escaping',
      '  ·  escapable  yes, with iam:CreateAccessKey, sts:AssumeRole: whoever uses them may go on after the end',
      '  ·             perhaps: Curfew does not read /team/deploy',
      '  ·  leaves     what it makes with lambda:CreateFunction goes on after the end',
      '  ✗  allowed    iam is refused in Production, which is sensitive',
      '       # curfew.yaml, iam: allowPersistence: true, or narrow the set',
      '',
    ])
    expect(code).toBe(1)
  }, 120_000)

  it('takes nobody for a stranger whom Curfew itself assigned', async () => {
    const { code, out } = await check(['--live'], {
      catalogue: catalogueOf({ id: 'read', gives: 'permissionSet: Mine\n    leash: required', in: 'prod' }),
      change: seed => void addLeashedSet(seed, 'Mine', [anchor, { user: 'alice' }]),
      async before({ aws, tableUrl }) {
        const client = createDynamoClient(awsSettings(tableUrl))
        await createTableIfMissing(client, 'curfew')
        const clock = { now: () => at('12:00'), after: async () => {} }
        const principalId = aws.snapshot().identityCenterUsers.find(({ userName }) => userName === 'alice')!.userId
        const roster = { ...aRoster([aMember({ principalId })]), permissionSet: 'Mine' }
        await createDynamoTable({ client, tableName: 'curfew', clock }).writeRoster(roster)
      },
    })
    expect(out).toContain('  ✓  dedicated  nobody has it but through Curfew')
    expect(code).toBe(0)
  }, 120_000)

  it('prints what makes a dedicated one of the set it is named after', async () => {
    const { code, out } = await check(['--live'], {
      catalogue: catalogueOf({
        id: 'read',
        gives: 'permissionSet: Curfew-Viewer\n    leash: required',
        in: 'prod, dev',
      }),
      change: seed =>
        void seed.permissionSets.push({ name: 'Viewer', sessionDuration: 'PT8H', policy: allow(['s3:Get*']) }),
    })
    expect(out.slice(out.indexOf('Curfew-Viewer, on a leash'))).toEqual([
      'Curfew-Viewer, on a leash',
      '  ✗  there  no: there is no such permission set; what makes it of Viewer is below',
      '',
      'To make Curfew-Viewer of Viewer, with the AWS CLI:',
      '',
      '# in Production (111111111111)',
      `aws iam create-policy --path /curfew/ --policy-name leash-Curfew-Viewer --policy-document ${closed}`,
      '# in Development (222222222222)',
      `aws iam create-policy --path /curfew/ --policy-name leash-Curfew-Viewer --policy-document ${closed}`,
      '# where Identity Center is administered',
      `SET=$(aws sso-admin create-permission-set ${center} --name Curfew-Viewer --session-duration PT1H --query PermissionSet.PermissionSetArn --output text)`,
      `aws sso-admin put-inline-policy-to-permission-set ${center} --permission-set-arn "$SET" --inline-policy '{"Statement":{"Action":["s3:Get*"],"Effect":"Allow","Resource":"*"},"Version":"2012-10-17"}'`,
      `aws sso-admin put-permissions-boundary-to-permission-set ${center} --permission-set-arn "$SET" --permissions-boundary 'CustomerManagedPolicyReference={Name=leash-Curfew-Viewer,Path=/curfew/}'`,
      'GROUP=$(aws identitystore create-group --region ap-northeast-1 --identity-store-id d-1 --display-name curfew-anchor --query GroupId --output text)',
      `aws sso-admin create-account-assignment ${center} --permission-set-arn "$SET" --target-type AWS_ACCOUNT --target-id 111111111111 --principal-type GROUP --principal-id "$GROUP"`,
      `aws sso-admin create-account-assignment ${center} --permission-set-arn "$SET" --target-type AWS_ACCOUNT --target-id 222222222222 --principal-type GROUP --principal-id "$GROUP"`,
      '# whenever the set is changed later',
      `aws sso-admin provision-permission-set ${center} --permission-set-arn "$SET" --target-type AWS_ACCOUNT --target-id 111111111111`,
      `aws sso-admin provision-permission-set ${center} --permission-set-arn "$SET" --target-type AWS_ACCOUNT --target-id 222222222222`,
      '',
      'To make Curfew-Viewer of Viewer, with Terraform:',
      '',
      '# In Production (111111111111). Curfew publishes who is on the leash: Terraform must not put it back.',
      ...terraformLeash('prod'),
      '',
      '# In Development (222222222222). Curfew publishes who is on the leash: Terraform must not put it back.',
      ...terraformLeash('dev'),
      '',
      'resource "aws_ssoadmin_permission_set" "curfew_viewer" {',
      '  instance_arn     = "arn:aws:sso:::instance/ssoins-1"',
      '  name             = "Curfew-Viewer"',
      '  session_duration = "PT1H"',
      '}',
      '',
      'resource "aws_ssoadmin_permission_set_inline_policy" "curfew_viewer" {',
      '  instance_arn       = "arn:aws:sso:::instance/ssoins-1"',
      '  permission_set_arn = aws_ssoadmin_permission_set.curfew_viewer.arn',
      '  inline_policy      = jsonencode({"Statement":{"Action":["s3:Get*"],"Effect":"Allow","Resource":"*"},"Version":"2012-10-17"})',
      '}',
      '',
      'resource "aws_ssoadmin_permissions_boundary_attachment" "curfew_viewer" {',
      '  instance_arn       = "arn:aws:sso:::instance/ssoins-1"',
      '  permission_set_arn = aws_ssoadmin_permission_set.curfew_viewer.arn',
      '  depends_on         = [aws_iam_policy.leash_curfew_viewer_prod, aws_iam_policy.leash_curfew_viewer_dev]',
      '',
      '  permissions_boundary {',
      '    customer_managed_policy_reference {',
      '      name = "leash-Curfew-Viewer"',
      '      path = "/curfew/"',
      '    }',
      '  }',
      '}',
      '',
      '# Nobody is ever a member: it keeps the roles of the sets in their accounts.',
      'resource "aws_identitystore_group" "curfew_anchor" {',
      '  identity_store_id = "d-1"',
      '  display_name      = "curfew-anchor"',
      '}',
      '',
      ...terraformAnchor('prod', '111111111111'),
      '',
      ...terraformAnchor('dev', '222222222222'),
      '',
      '1 to mend (✗).',
      '',
    ])
    expect(code).toBe(1)
  }, 120_000)

  it('prints the same of any set that --from names, and keeps the group that is there already', async () => {
    const catalogue = catalogueOf({
      id: 'read',
      gives: 'permissionSet: Curfew-ReadOnly\n    leash: required',
      in: 'prod',
    })
    const { code, out, aws } = await check(['--live', '--from', 'ReadOnly'], { catalogue })
    expect(code).toBe(0)
    expect(out).toContain('To make Curfew-ReadOnly of ReadOnly, with the AWS CLI:')
    expect(out).toContain(`GROUP=${groupOf(aws, 'curfew-anchor')}`)
    expect(out).toContain(`  principal_id       = "${groupOf(aws, 'curfew-anchor')}"`)
    const unknown = await check(['--live', '--from', 'Nothing'], { catalogue })
    expect(unknown.code).toBe(1)
    expect(unknown.out).toContain('  ✗  there  no: there is no such permission set')
  }, 120_000)
})

const terraformLeash = (key: string) => [
  `resource "aws_iam_policy" "leash_curfew_viewer_${key}" {`,
  `  provider = aws.${key}`,
  '  name     = "leash-Curfew-Viewer"',
  '  path     = "/curfew/"',
  `  policy   = jsonencode(${closed.slice(1, -1)})`,
  '',
  '  lifecycle {',
  '    ignore_changes = [policy]',
  '  }',
  '}',
]

const terraformAnchor = (key: string, id: string) => [
  `resource "aws_ssoadmin_account_assignment" "curfew_viewer_${key}" {`,
  '  instance_arn       = "arn:aws:sso:::instance/ssoins-1"',
  '  permission_set_arn = aws_ssoadmin_permission_set.curfew_viewer.arn',
  '  principal_type     = "GROUP"',
  '  principal_id       = aws_identitystore_group.curfew_anchor.group_id',
  '  target_type        = "AWS_ACCOUNT"',
  `  target_id          = "${id}"`,
  '  depends_on         = [aws_ssoadmin_permission_set_inline_policy.curfew_viewer, aws_ssoadmin_permissions_boundary_attachment.curfew_viewer]',
  '}',
]

describe.concurrent('of accounts and roles', () => {
  it('says what is missing, with what mends it', async () => {
    const { code, out } = await check(['--live'], {
      catalogue: catalogueOf(
        { id: 'team', gives: onRole('Team'), in: 'dev' },
        { id: 'open', gives: onRole('Open'), in: 'prod' },
        { id: 'none', gives: onRole('None'), in: 'prod' },
        { id: 'admin', gives: 'assume: { role: Admin }', in: 'prod' },
      ),
      change(seed) {
        const [hub, dev, prod] = ['000000000000', '222222222222', '111111111111'].map(
          id => seed.accounts.find(one => one.id === id)!,
        )
        dev!.state = 'SUSPENDED'
        hub!.roles?.splice(0, 1)
        const anybody: PolicyDocument = {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'People',
              Effect: 'Allow',
              Principal: { AWS: 'arn:aws:iam::000000000000:root' },
              Action: 'sts:AssumeRole',
            },
          ],
        }
        const machines: PolicyDocument = {
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
        }
        dev!.roles?.push({ name: 'Team', trust: anybody })
        prod!.roles?.push({ name: 'Open', trust: machines })
        const admin = prod!.roles!.find(({ name }) => name === 'Admin')!
        delete admin.permissionsBoundary
        Object.assign(admin, { trust: machines, maxSessionSeconds: 5400 })
      },
    })
    const pinned =
      '"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:RoleSessionName":"' +
      `\${aws:username}"}}}`
    expect(out).toEqual([
      'Jump account (000000000000)',
      '  ✓  active       ACTIVE',
      '  ✗  member role  no: curfew-member is not there, or does not let Curfew in',
      '       aws cloudformation deploy --stack-name curfew-member --template-file infra/member-account.template.yaml --capabilities CAPABILITY_NAMED_IAM --parameter-overrides BotRoleArn=arn:aws:iam::000000000000:role/curfew-bot',
      '',
      'Development (222222222222)',
      '  ✗  active       SUSPENDED',
      '  ✓  member role  curfew-member lets Curfew in',
      '',
      'Production (111111111111)',
      '  ✓  active       ACTIVE',
      '  ✓  member role  curfew-member lets Curfew in',
      '',
      'Role Team in Development (222222222222), which a team shares',
      '  ✓  there      arn:aws:iam::222222222222:role/Team',
      '  ✓  grantable  nothing speaks against it',
      '  ✗  pinned     no: statement No. 1 (People) lets people name their sessions as they like; it should be',
      `       {"Sid":"People",${pinned}`,
      '  ✓  lets in    IAM users of the jump account',
      '',
      'Role Open in Production (111111111111), which a team shares',
      '  ✓  there      arn:aws:iam::111111111111:role/Open',
      '  ✗  grantable  no: the account is sensitive, and its boundary is missing',
      '       aws iam put-role-permissions-boundary --role-name Open --permissions-boundary arn:aws:iam::111111111111:policy/curfew/ceiling',
      '  ✗  pinned     no: statement No. 1 lets in others than IAM users of the jump account; it should be',
      `       {${pinned}`,
      '  ✗  lets in    no IAM user of the jump account; its trust policy needs',
      `       {${pinned}`,
      '',
      'Role None in Production (111111111111), which a team shares',
      '  ✗  there  no: Production (111111111111) has no role None',
      '',
      'Role Admin in Production (111111111111), which people enter',
      '  ✓  there      arn:aws:iam::111111111111:role/Admin',
      '  ✓  grantable  nothing speaks against it',
      '  ✗  lets in    no IAM user of the jump account; its trust policy needs',
      `       {${pinned}`,
      '  ·  sessions   no leash: one that is open at the end goes on for up to 90 min; to put it on one',
      `       aws iam create-policy --path /curfew/ --policy-name leash-Admin --policy-document '{"Version":"2012-10-17","Statement":[{"Sid":"Generation0","Effect":"Allow","Action":"*","Resource":"*"}]}'`,
      '       aws iam put-role-permissions-boundary --role-name Admin --permissions-boundary arn:aws:iam::111111111111:policy/curfew/leash-Admin',
      '',
      '8 to mend (✗).',
      '',
    ])
    expect(code).toBe(1)
  }, 120_000)
})

const onRole = (role: string) =>
  `inlinePolicy: { on: { role: ${role} }, statements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::example/*"] }] }`

describe.concurrent('of what cannot be read', () => {
  it('a part that AWS does not answer is a line, and the rest is read', async () => {
    const { code, out } = await check(['--live'], {
      catalogue: catalogueOf(
        { id: 'read', gives: 'permissionSet: Curfew-ReadOnly\n    leash: required', in: 'prod' },
        { id: 'admin', gives: 'assume: { role: Admin }', in: 'prod' },
      ),
      before: ({ aws }) => {
        aws.faults.add({ match: 'ListAccountAssignments', kind: 'fail' })
        aws.faults.add({ match: 'organizations', kind: 'throttle' })
      },
    })
    const unread = out.filter(line => line.startsWith('  ?'))
    expect(unread).toEqual([
      expect.stringMatching(/^ {2}\? {2}active {7}DescribeAccount: /),
      expect.stringMatching(/^ {2}\? {2}active {7}DescribeAccount: /),
      expect.stringMatching(/^ {2}\? {2}assigned {3}ListAccountAssignments: /),
    ])
    expect(out).toContain('  ✓  lets in    IAM users of the jump account')
    expect(out.at(-2)).toBe('3 could not be read (?).')
    expect(code).toBe(1)
  }, 120_000)

  it('no credentials are said in a line', async () => {
    const { code, out, err } = await check(['--live'], {
      variables: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    })
    expect({ code, out }).toEqual({ code: 1, out: [''] })
    expect(err).toMatch(
      /^AWS: GetCallerIdentity: Could not load credentials .* Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile or role the bot runs with\.\n$/,
    )
  }, 120_000)

  it('a word that is no option is named, with how it is used', async () => {
    const usage =
      'Usage: npm run check -- [file] [--ceiling | --live [--from <permission set> | --pin <role> [--account <key>]]]\n'
    expect((await check(['--liv'])).err).toBe(`Unknown option '--liv'. ${usage}`)
    expect((await check(['--from', 'ReadOnly'])).err).toBe(`--from goes with --live. ${usage}`)
    expect((await check(['--live', '--account', 'dev'])).err).toBe(`--account goes with --pin. ${usage}`)
    expect((await check(['--live', '--ceiling'])).err).toBe(`Either --ceiling or --live. ${usage}`)
    expect((await check(['a.yaml', 'b.yaml'])).err).toBe(`One file, please. ${usage}`)
  }, 120_000)
})
