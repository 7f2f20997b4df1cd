import { expect, it } from 'vitest'
import { allServices, readActionFacts } from '../../../src/adapters/iam-data/action-facts.ts'

it('knows every service by the name people use, and the actions of those asked for', async () => {
  const facts = await readActionFacts(['dynamodb', 'S3', 'no-such-service'])
  expect(facts.services).toMatchObject({ dynamodb: 'DynamoDB', ec2: 'EC2', logs: 'CloudWatch Logs', iam: 'IAM' })
  expect(Object.keys(facts.levels).sort()).toEqual(['dynamodb', 's3'])
})

it('has one level for each action, the weightiest where AWS has several', async () => {
  const { levels } = await readActionFacts(['dynamodb', 's3'])
  expect(levels['dynamodb']).toMatchObject({
    GetItem: 'read',
    ListTables: 'read',
    PutItem: 'write',
    TagResource: 'tag',
    PutResourcePolicy: 'permissions',
  })
  expect(levels['s3']).toMatchObject({ PutBucketPolicy: 'permissions', DeleteObject: 'write' })
})

it('can be asked about all of AWS', async () => {
  const services = await allServices()
  expect(services.length).toBeGreaterThan(400)
  expect(services).toContain('dynamodb')
})
