import { describe, expect, it } from 'vitest'
import { readActionFacts } from '../../src/adapters/iam-data/action-facts.ts'
import { afterEndOfSet, afterEndOfStatements, persistenceOf } from '../../src/core/after-end.ts'
import type { ForeignStatement } from '../../src/core/set-content.ts'

const facts = await readActionFacts(['dynamodb', 'textract', 'lambda', 'iam', 'sts'])

function allow(actions: string[], more: Partial<ForeignStatement> = {}): ForeignStatement {
  return { effect: 'Allow', actions, allBut: false, narrowed: false, resources: ['*'], ...more }
}

function deny(actions: string[], more: Partial<ForeignStatement> = {}): ForeignStatement {
  return allow(actions, { effect: 'Deny', ...more })
}

function aSet(inline: ForeignStatement[], managed: string[] = []) {
  const arns = managed.map(name => `arn:aws:iam::aws:policy/${name}`)
  return afterEndOfSet({ managed: arns, customer: [], inline }, facts)
}

describe('a permission set can be escaped from', () => {
  it.each([
    [['iam:CreateAccessKey'], ['iam:CreateAccessKey']],
    [
      ['iam:PassRole', 'ec2:RunInstances'],
      ['iam:PassRole', 'ec2:RunInstances'],
    ],
    [['iam:Delete*Boundary'], ['iam:Delete*Boundary']],
    [['sts:AssumeRole'], ['sts:AssumeRole']],
    [['sso:CreateAccountAssignment'], ['sso:CreateAccountAssignment']],
    [['account-access:*'], ['account-access:*']],
    [['identitystore:CreateGroupMembership'], ['identitystore:CreateGroupMembership']],
    [['lambda:Update*'], ['lambda:Update*']],
    [['cloudformation:CreateStack'], ['cloudformation:CreateStack']],
    [['s3:PutBucketPolicy'], ['s3:PutBucketPolicy']],
    [['dynamodb:*'], ['dynamodb:*']],
  ])('with %j', (actions, escapes) => {
    expect(aSet([allow(actions)]).escapes).toEqual(escapes)
  })

  it('whatever the resource and the condition', () => {
    const one = allow(['sts:AssumeRole'], { resources: ['arn:aws:iam::222222222222:role/Dev'], narrowed: true })
    expect(aSet([one]).escapes).toEqual(['sts:AssumeRole'])
  })

  it('with all but what NotAction leaves out', () => {
    const { escapes } = aSet([allow(['iam:*', 'organizations:*'], { allBut: true })])
    expect(escapes.slice(0, 2)).toEqual(['sts:AssumeRole', 'sso:*'])
    expect(escapes).not.toContain('iam:*')
    expect(escapes).not.toContain('organizations:*')
  })

  it.each([
    ['AdministratorAccess', 'iam:*'],
    ['PowerUserAccess', 'sts:AssumeRole'],
    ['IAMFullAccess', 'iam:*'],
    ['AWSLambda_FullAccess', 'lambda:*'],
  ])('made of %s', (name, first) => {
    expect(aSet([], [name]).escapes[0]).toBe(first)
  })
})

describe('a permission set cannot be escaped from', () => {
  it.each([
    [['ec2:Describe*', 's3:Get*', 's3:List*', 'dynamodb:Describe*', 'logs:Get*', 'logs:FilterLogEvents']],
    [
      [
        'iam:Get*',
        'iam:List*',
        'iam:GenerateCredentialReport',
        'sso:Describe*',
        'organizations:List*',
        'ram:Get*',
        'lakeformation:Get*',
      ],
    ],
    [['sts:GetCallerIdentity', 'sts:DecodeAuthorizationMessage']],
    [['iam:CreateServiceLinkedRole']],
    [['dynamodb:PutItem', 's3:PutObject', 'sqs:SendMessage']],
    [['textract:*']],
  ])('with %j', actions => {
    expect(aSet([allow(actions)])).toEqual({ escapes: [], lasts: [], opens: [], unread: [] })
  })

  it.each(['ReadOnlyAccess', 'ViewOnlyAccess', 'SecurityAudit', 'AmazonS3ReadOnlyAccess'])('made of %s', name => {
    expect(aSet([], [name])).toEqual({ escapes: [], lasts: [], opens: [], unread: [] })
  })
})

describe('a Deny of the set itself', () => {
  const wide = allow(['iam:*', 'sts:*', 'dynamodb:PutItem'])

  it('counts where it covers all that would open a way', () => {
    expect(aSet([wide, deny(['iam:*', 'sts:AssumeRole', 'sts:AssumeRoot'])]).escapes).toEqual([])
    expect(aSet([allow(['iam:Pass*']), deny(['iam:PassRole', 'iam:Pass*'])]).escapes).toEqual([])
    expect(aSet([wide, deny(['dynamodb:*'], { allBut: true })]).escapes).toEqual([])
    expect(aSet([], ['IAMFullAccess']).escapes).toEqual(['iam:*'])
    expect(aSet([deny(['IAM:*'])], ['IAMFullAccess']).escapes).toEqual([])
  })

  it.each([
    ['a part of it', deny(['iam:Create*', 'sts:*'])],
    ['certain resources', deny(['iam:*', 'sts:*'], { resources: ['arn:aws:iam::*:role/admin'] })],
    ['a condition', deny(['iam:*', 'sts:*'], { narrowed: true })],
    ['all but it', deny(['iam:*'], { allBut: true })],
  ])('does not count for %s', (_, statement) => {
    expect(aSet([wide, statement]).escapes).toContain('iam:*')
  })
})

describe('what lasts beyond the end', () => {
  it.each([
    [['ecs:RunTask'], ['ecs:RunTask']],
    [['scheduler:*'], ['scheduler:*']],
    [['events:PutRule', 'events:DescribeRule'], ['events:PutRule']],
    [['sns:Subscribe'], ['sns:Subscribe']],
    [['rds:ModifyDBInstance'], ['rds:ModifyDBInstance']],
    [['ec2:CreateSnapshot', 'ec2:StartInstances', 'dynamodb:CreateTable', 's3:PutObject', 'sqs:SendMessage'], []],
  ])('in the inline policy %j', (actions, lasts) => {
    expect(afterEndOfStatements([{ actions, resources: ['*'] }]).lasts).toEqual(lasts)
  })

  it('is together with the ways around, and with what nobody has read', () => {
    const inline = [allow(['sts:AssumeRole', 'ecs:RunTask'])]
    const managed = ['arn:aws:iam::aws:policy/SomethingNew', 'arn:aws:iam::aws:policy/AmazonTextractFullAccess']
    const afterEnd = afterEndOfSet({ managed, customer: ['/team/deploy'], inline }, facts)
    expect(persistenceOf(afterEnd)).toEqual([
      'sts:AssumeRole',
      'ecs:RunTask',
      'SomethingNew',
      'AmazonTextractFullAccess',
      '/team/deploy',
    ])
  })

  it('is not known of an inline policy that is not understood', () => {
    expect(afterEndOfSet({ managed: [], customer: [], inline: undefined }, facts).unread).toEqual(['inline policy'])
  })
})

describe('what AWS does not ask about again once it is open', () => {
  it.each([
    [['ssm:StartSession'], ['session_manager']],
    [
      ['ecs:ExecuteCommand', 'ec2-instance-connect:SendSSHPublicKey'],
      ['ecs_exec', 'instance_connect'],
    ],
    [['rds-db:connect'], ['database']],
    [['s3:*', 'ssm:Get*'], []],
  ])('with %j', (actions, opens) => {
    expect(afterEndOfStatements([{ actions, resources: ['*'] }]).opens).toEqual(opens)
  })

  it('is all of it for an administrator', () => {
    expect(aSet([], ['AdministratorAccess']).opens).toEqual([
      'session_manager',
      'ecs_exec',
      'instance_connect',
      'database',
    ])
  })
})
