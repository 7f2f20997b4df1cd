import type { KnownBlock } from '@slack/types'
import { expect, it } from 'vitest'
import { renderPolicyView } from '../../../src/adapters/slack/policy-view.ts'
import { aRequest, aSetContent, aSetRequest } from '../../support/builders.ts'

function textsOf(view: ReturnType<typeof renderPolicyView>): string[] {
  // The view is drawn of known blocks only; its type allows for others.
  return (view.blocks as KnownBlock[]).flatMap(block => {
    if (block.type === 'section' && block.text) return [block.text.text]
    return block.type === 'context' ? block.elements.flatMap(element => ('text' in element ? [element.text] : [])) : []
  })
}

it('shows the policy that will be attached, with its times still open', () => {
  expect(textsOf(renderPolicyView(aRequest('pending'), 'en'))).toEqual([
    'Inline policy `curfew-req_00000000000000000001` on user `alice`; times are filled in at approval',
    `\`\`\`
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:PutItem"
      ],
      "Resource": [
        "arn:aws:dynamodb:*:222222222222:table/orders"
      ],
      "Condition": {
        "DateGreaterThanEquals": {
          "aws:CurrentTime": "&lt;when approved&gt;"
        },
        "DateLessThan": {
          "aws:CurrentTime": "&lt;when it ends&gt;"
        }
      }
    }
  ]
}
\`\`\``,
  ])
})

it('shows the policy that is attached as it is', () => {
  const [note, json] = textsOf(renderPolicyView(aRequest('active'), 'ja'))
  expect(note).toBe('インラインポリシー `curfew-req_00000000000000000001`（ユーザー `alice`）')
  expect(json).toContain('"aws:CurrentTime": "2026-11-21T10:10:00Z"')
  expect(json).toContain('"aws:CurrentTime": "2026-11-21T11:10:00Z"')
})

it('shows all that a permission set is made of', () => {
  const request = aSetRequest('pending')
  if (request.target.kind !== 'permissionSet') throw new Error('not a set')
  request.target.content = aSetContent({
    managed: ['arn:aws:iam::aws:policy/ViewOnlyAccess'],
    customer: ['/team/deploy'],
    boundary: '/curfew/leash-ReadOnly',
  })
  const [note, parts, json] = textsOf(renderPolicyView(request, 'en'))
  expect(note).toBe(
    'Permission set `Curfew-ReadOnly` as it was when the request was checked. If this has changed by approval, nothing is granted. Policies it names are compared by name, not by content.',
  )
  expect(parts?.split('\n')).toEqual([
    '```',
    'AWS managed policy  arn:aws:iam::aws:policy/ViewOnlyAccess',
    "The account's own policy  /team/deploy",
    'Permissions boundary  /curfew/leash-ReadOnly',
    '```',
  ])
  expect(json).toContain('"ec2:Describe*"')
})

it('says so while there is nothing to show', () => {
  expect(textsOf(renderPolicyView(aRequest('checking'), 'en'))).toEqual([
    'There is no policy yet: the request is still being checked.',
  ])
})
