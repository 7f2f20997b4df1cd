import { z } from 'zod'
import { accountId, arnPattern, awsName, named, optionText, region, shaped } from './catalogue-values.ts'

const identityCenter = z
  .strictObject({
    region,
    instanceArn: shaped(
      /^arn:aws[a-z-]*:sso:::instance\/[\w-]+$/,
      'the ARN of an Identity Center instance',
      'Copy it from the settings of Identity Center: arn:aws:sso:::instance/ssoins-….',
      'arn:aws:sso:::instance/ssoins-1',
    ),
    identityStoreId: shaped(
      /^(d-[a-z0-9]+|[0-9a-f-]{36})$/,
      'an identity store id',
      'Copy it from the settings of Identity Center; it begins with d-.',
      'd-1',
    ),
    startUrl: shaped(/^https:\/\/\S+$/, 'the address of the access portal', 'It begins with https://.', 'https://…'),
    assumeRole: arnPattern
      .describe('The role to administer Identity Center with, where that is done in another account.')
      .optional(),
  })
  .meta({
    description: 'Needed for permission sets.',
    example: '{ region: …, instanceArn: …, identityStoreId: …, startUrl: … }',
  })

const samlProvider = shaped(
  /^arn:aws[a-z-]*:iam::\d{12}:saml-provider\/[\w.-]+$/,
  'the ARN of a SAML provider',
  'Copy it from the identity providers of IAM: arn:aws:iam::…:saml-provider/….',
  '"arn:aws:iam::222222222222:saml-provider/example"',
)

const account = z.strictObject({
  id: accountId,
  name: optionText,
  sensitive: z
    .boolean()
    .default(false)
    .describe('Policies ask for MFA, and go only to users and roles whose permissions boundary is /curfew/ceiling.'),
})

/** The section `aws`. */
export const awsSection = z.strictObject({
  hubAccount: accountId.describe('Where Curfew runs: twelve digits in quotes.'),
  managementAccount: accountId.describe('Named so that nothing is ever granted there: twelve digits in quotes.'),
  memberRole: awsName.describe('The role Curfew takes on in each account: its name, not its ARN.'),
  neverTouch: z
    .array(arnPattern)
    .default([])
    .describe('Principals that nothing is ever granted to; * stands for any text.'),
  identityCenter: identityCenter.optional(),
  federation: z
    .array(samlProvider)
    .default([])
    .describe(
      'SAML providers that name the sessions of people after their IAM users; others make a role unfit for one person.',
    ),
  accounts: named('an account', account).meta({
    description: 'The accounts of which entitlements speak, by a key of your choice.',
    example: '{ prod: { id: "111111111111", name: Production } }',
  }),
})
