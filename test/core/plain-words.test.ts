import { describe, expect, it } from 'vitest'
import { readActionFacts } from '../../src/adapters/iam-data/action-facts.ts'
import { wordsForSet, wordsForStatements } from '../../src/core/plain-words.ts'
import type { ForeignStatement } from '../../src/core/set-content.ts'

const facts = await readActionFacts(['dynamodb', 's3', 'ec2', 'logs', 'lambda', 'sqs', 'kms', 'iam'])

function wordsFor(...statements: [actions: string[], resources: string[]][]) {
  return wordsForStatements(
    statements.map(([actions, resources]) => ({ actions, resources })),
    facts,
  )
}

function aStatement(actions: string[], more: Partial<ForeignStatement> = {}): ForeignStatement {
  return { effect: 'Allow', actions, allBut: false, narrowed: false, resources: ['*'], ...more }
}

const table = 'arn:aws:dynamodb:*:222222222222:table/orders-eu'

describe('an inline policy in words', () => {
  it('says what may be done with what, in which service', () => {
    expect(wordsFor([['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'], [table]])).toEqual({
      lines: [
        {
          en: 'Read and write items in table orders-eu (DynamoDB)',
          ja: 'テーブル orders-eu の項目の読み取り・書き込み（DynamoDB）',
        },
      ],
      careful: { en: 'can change things.', ja: '変更ができます。' },
    })
  })

  it.each([
    [['dynamodb:DescribeTable'], [table], 'Read table orders-eu (DynamoDB)'],
    [['dynamodb:GetItem'], ['arn:aws:dynamodb:*:222222222222:table/*'], 'Read items in every table (DynamoDB)'],
    [['s3:GetObject'], ['arn:aws:s3:::artifacts/web/*'], 'Read objects under artifacts/web/ (S3)'],
    [['s3:GetObject'], ['arn:aws:s3:::artifacts/*'], 'Read objects in bucket artifacts (S3)'],
    [['s3:GetObject'], ['arn:aws:s3:::artifacts/readme'], 'Read object artifacts/readme (S3)'],
    [['s3:ListBucket'], ['arn:aws:s3:::artifacts'], 'Read bucket artifacts (S3)'],
    [['s3:DeleteObject'], ['arn:aws:s3:::*/*'], 'Delete objects in every bucket (S3)'],
    [['lambda:InvokeFunction'], ['arn:aws:lambda:*:222222222222:function:deploy'], 'Use function deploy (Lambda)'],
    [['sqs:SendMessage'], ['arn:aws:sqs:*:222222222222:jobs'], 'Use queue jobs (SQS)'],
    [['ec2:DescribeInstances'], ['*'], 'Read any resource in EC2, by DescribeInstances only'],
    [['ec2:Describe*'], ['*'], 'Read any resource in EC2'],
    [['sqs:Get*', 'sqs:List*', 'sqs:ReceiveMessage'], ['*'], 'Read everything in SQS'],
    [['sqs:*'], ['*'], 'Do anything in SQS'],
    [['nosuch:FrobnicateThing'], ['arn:aws:nosuch:::thing/x'], 'Write thing x (nosuch)'],
  ])('%j on %j', (actions, resources, said) => {
    expect(wordsFor([actions, resources]).lines.map(({ en }) => en)).toEqual([said])
  })

  it('joins what works alike on any resource', () => {
    const { lines } = wordsFor([['ec2:Describe*', 's3:Get*', 'logs:Get*'], ['*']])
    expect(lines).toEqual([
      { en: 'Read any resource in CloudWatch Logs, EC2, S3', ja: 'CloudWatch Logs、EC2、S3 の全リソースの読み取り' },
    ])
  })

  it('gives the actions of each service the resources of that service', () => {
    const { lines } = wordsFor([
      ['dynamodb:GetItem', 'kms:Decrypt'],
      [table, 'arn:aws:kms:*:222222222222:key/k-1'],
    ])
    expect(lines.map(({ en }) => en).sort()).toEqual([
      'Read items in table orders-eu (DynamoDB)',
      'Use key k-1 (Key Management Service)',
    ])
  })

  it('is never more than three lines, and never leaves out the most powerful', () => {
    const buckets = ['a', 'b', 'c', 'd'].map(name => [['s3:GetObject'], [`arn:aws:s3:::${name}/*`]])
    const { lines } = wordsFor(...(buckets as [string[], string[]][]), [['dynamodb:DeleteItem'], [table]])
    expect(lines.map(({ en }) => en)).toEqual([
      'Delete items in table orders-eu (DynamoDB)',
      'Read objects in bucket a (S3)',
      'And 3 more; see the policy',
    ])
  })

  it('says nothing to be careful about where things of certain names are read', () => {
    expect(wordsFor([['dynamodb:GetItem'], [table]])).not.toHaveProperty('careful')
  })

  it.each([
    [['dynamodb:DeleteItem'], [table], 'can delete.'],
    [['s3:Get*'], ['*'], 'can read on any resource.'],
    [['dynamodb:ListTables'], ['*'], undefined],
    [['dynamodb:PutItem'], ['*'], 'can change things, on any resource.'],
    [
      ['ec2:CreateSnapshot'],
      ['arn:aws:ec2:*:*:snapshot/*'],
      'can change things; what it makes or starts stays after the end.',
    ],
    [['sqs:Get*', 'sqs:List*', 'sqs:ReceiveMessage'], ['*'], 'can read all data.'],
    // What AWS's list does not have counts as more rather than less.
    [['nosuch:Do*'], ['arn:aws:nosuch:::thing/x'], 'can change things and delete.'],
  ])('names the danger of %j on %j', (actions, resources, said) => {
    expect(wordsFor([actions, resources]).careful?.en).toBe(said)
  })
})

describe('a permission set in words', () => {
  it('says what AWS’s own policies give, as far as their names tell', () => {
    const managed = ['arn:aws:iam::aws:policy/ViewOnlyAccess', 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']
    expect(wordsForSet({ managed, customer: [], inline: [] }, facts)).toEqual({
      lines: [
        { en: 'See what is in the account, not the data', ja: 'アカウント内の一覧の参照（データは除く）' },
        { en: 'Read everything in S3 (AmazonS3ReadOnlyAccess)', ja: 'S3 のすべての読み取り（AmazonS3ReadOnlyAccess）' },
      ],
      careful: {
        en: 'can read all data; part of it is not known to Curfew.',
        ja: 'すべてのデータを読み取れます。一部の内容は Curfew では確認できません。',
      },
    })
  })

  it('warns of the administrator', () => {
    const managed = ['arn:aws:iam::aws:policy/AdministratorAccess']
    expect(wordsForSet({ managed, customer: [], inline: [] }, facts).careful?.en).toBe(
      'can change things, delete, run or send and change who may do what, on any resource; can open ways around the end, such as other identities, other roles or sharing (iam:*, sts:AssumeRole, sso:*, …); can read all data; what it makes or starts stays after the end.',
    )
  })

  it.each([
    ['AmazonEC2FullAccess', 'EC2', 'ec2:*'],
    ['AWSLambda_FullAccess', 'Lambda', 'lambda:*'],
    ['AWSStepFunctionsFullAccess', 'StepFunctions', 'states:*'],
  ])('of %s says that it opens ways around the end, and that nobody has read it', (name, service, all) => {
    const managed = [`arn:aws:iam::aws:policy/${name}`]
    const { lines, careful } = wordsForSet({ managed, customer: [], inline: [] }, facts)
    expect(lines).toMatchObject([{ en: `Everything in ${service} (${name})` }])
    expect(careful?.en).toContain(
      `can open ways around the end, such as other identities, other roles or sharing (${all})`,
    )
    expect(careful?.en).toContain('part of it is not known to Curfew')
  })

  it('of full access to what holds no other rights says only what it can do', () => {
    const managed = ['arn:aws:iam::aws:policy/AmazonTextractFullAccess']
    expect(wordsForSet({ managed, customer: [], inline: [] }, facts).careful?.en).toBe(
      'can change things, delete, run or send and change who may do what, on any resource; can read all data; what it makes or starts stays after the end; part of it is not known to Curfew.',
    )
  })

  it('says what it has not read', () => {
    const managed = ['arn:aws:iam::aws:policy/job-function/SomethingNew']
    expect(wordsForSet({ managed, customer: ['/team/deploy'], inline: undefined }, facts)).toMatchObject({
      lines: [
        { en: "What AWS's policy SomethingNew gives" },
        { en: "What the account's own policies /team/deploy give" },
        { en: 'An inline policy that Curfew does not understand' },
      ],
      careful: { en: 'part of it is not known to Curfew.' },
    })
  })

  it('names what opens ways around the end', () => {
    const inline = [aStatement(['iam:CreateAccessKey'])]
    expect(wordsForSet({ managed: [], customer: [], inline }, facts)).toMatchObject({
      lines: [{ en: 'Write any resource in IAM, by CreateAccessKey only' }],
      careful: { en: expect.stringContaining('(iam:CreateAccessKey)') },
    })
  })

  it('takes NotAction for everything, and says where there are exceptions', () => {
    const inline = [
      aStatement(['iam:*'], { allBut: true }),
      aStatement(['s3:*'], { effect: 'Deny', resources: ['arn:aws:s3:::vault/*'] }),
    ]
    expect(wordsForSet({ managed: [], customer: [], inline }, facts)).toMatchObject({
      lines: [
        { en: 'Everything in the account with exceptions (NotAction)' },
        { en: 'With exceptions or conditions; see the policy' },
      ],
      careful: { en: expect.stringContaining('change who may do what, on any resource') },
    })
  })

  it('of a star is everything', () => {
    expect(wordsForSet({ managed: [], customer: [], inline: [aStatement(['*'])] }, facts).lines[0]?.en).toBe(
      'Do anything in the account',
    )
  })

  it('that gives nothing says so', () => {
    expect(wordsForSet({ managed: [], customer: [], inline: [] }, facts)).toEqual({
      lines: [{ en: 'Nothing', ja: 'なし' }],
    })
  })
})
