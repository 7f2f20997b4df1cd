import { type DedicatedSet, referenceOf } from './dedicated-set.ts'
import { renderLeash } from './leash.ts'
import { accountText } from './looked.ts'

/**
 * The same set as `dedicatedSetCommands` makes, as resources of Terraform's AWS provider. A resource belongs to one
 * account, so the policies name a provider each, after the account's key in the catalogue.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssoadmin_permissions_boundary_attachment
 */
export function dedicatedSetTerraform({ name, content, accounts, center, anchorId }: DedicatedSet): string[] {
  const set = labelOf(name)
  const setArn = `aws_ssoadmin_permission_set.${set}.arn`
  const instance = ['instance_arn', text(center.instanceArn)] as const
  const onSet = [instance, ['permission_set_arn', setArn]] as const
  const policies = accounts.map(({ key }) => `aws_iam_policy.leash_${set}_${labelOf(key)}`)
  const attached: Block[] = [
    ...content.managed.map(arn =>
      resource('aws_ssoadmin_managed_policy_attachment', `${set}_${labelOf(arn.split('/').at(-1) ?? '')}`, [
        ...onSet,
        ['managed_policy_arn', text(arn)],
      ]),
    ),
    ...content.customer.map(path =>
      resource('aws_ssoadmin_customer_managed_policy_attachment', `${set}_${labelOf(path)}`, [
        ...onSet,
        ['customer_managed_policy_reference', reference(path)],
      ]),
    ),
    ...(content.inline === undefined
      ? []
      : [
          resource('aws_ssoadmin_permission_set_inline_policy', set, [
            ...onSet,
            ['inline_policy', json(content.inline)],
          ]),
        ]),
    resource('aws_ssoadmin_permissions_boundary_attachment', set, [
      ...onSet,
      ['depends_on', `[${policies.join(', ')}]`],
      ['permissions_boundary', [['customer_managed_policy_reference', reference(`/curfew/leash-${name}`)]]],
    ]),
  ]
  const group = anchorId === undefined ? 'aws_identitystore_group.curfew_anchor.group_id' : text(anchorId)
  return [
    ...accounts.flatMap(account => [
      `# In ${accountText(account)}. Curfew publishes who is on the leash: Terraform must not put it back.`,
      ...resource('aws_iam_policy', `leash_${set}_${labelOf(account.key)}`, [
        ['provider', `aws.${labelOf(account.key)}`],
        ['name', text(`leash-${name}`)],
        ['path', text('/curfew/')],
        ['policy', json(JSON.stringify(renderLeash([], 0)))],
        ['lifecycle', [['ignore_changes', '[policy]']]],
      ]).lines,
      '',
    ]),
    ...resource('aws_ssoadmin_permission_set', set, [
      instance,
      ['name', text(name)],
      ['session_duration', text('PT1H')],
    ]).lines,
    '',
    ...attached.flatMap(({ lines }) => [...lines, '']),
    ...(anchorId === undefined
      ? [
          '# Nobody is ever a member: it keeps the roles of the sets in their accounts.',
          ...resource('aws_identitystore_group', 'curfew_anchor', [
            ['identity_store_id', text(center.identityStoreId)],
            ['display_name', text('curfew-anchor')],
          ]).lines,
          '',
        ]
      : []),
    ...accounts.flatMap(({ id, key }, index) => [
      ...(index === 0 ? [] : ['']),
      ...resource('aws_ssoadmin_account_assignment', `${set}_${labelOf(key)}`, [
        ...onSet,
        ['principal_type', text('GROUP')],
        ['principal_id', group],
        ['target_type', text('AWS_ACCOUNT')],
        ['target_id', text(id)],
        ['depends_on', `[${attached.map(one => one.address).join(', ')}]`],
      ]).lines,
    ]),
  ]
}

/** An argument is a text as it stands, or a block. */
type Arguments = readonly (readonly [string, string | Arguments])[]
type Block = { address: string; lines: string[] }

function resource(type: string, label: string, args: Arguments): Block {
  return { address: `${type}.${label}`, lines: [`resource "${type}" "${label}" {`, ...linesOf(args, '  '), '}'] }
}

/** Aligned as `terraform fmt` does: the arguments of a block that are no blocks. */
function linesOf(args: Arguments, indent: string): string[] {
  const width = Math.max(...args.map(([name, value]) => (typeof value === 'string' ? name.length : 0)))
  return args.flatMap(([name, value]) =>
    typeof value === 'string'
      ? `${indent}${name.padEnd(width)} = ${value}`
      : ['', `${indent}${name} {`, ...linesOf(value, `${indent}  `), `${indent}}`].slice(args[0]?.[0] === name ? 1 : 0),
  )
}

function reference(path: string): Arguments {
  const { Name, Path } = referenceOf(path)
  return [
    ['name', text(Name)],
    ['path', text(Path)],
  ]
}

function text(value: string): string {
  return literal(JSON.stringify(value))
}

/** JSON is an expression of Terraform's. */
function json(document: string): string {
  return `jsonencode(${literal(document)})`
}

/** In quotes `${` and `%{` would begin something of Terraform's, and policies are full of the first. */
function literal(written: string): string {
  return written.replace(/[$%](?=\{)/g, sign => sign + sign)
}

function labelOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .replace(/^(?=\d)/, '_')
}
