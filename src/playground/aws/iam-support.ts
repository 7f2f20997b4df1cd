import { AwsError } from './aws-error.ts'
import type { Context } from './context.ts'
import type { Call } from './operation.ts'
import { optionalInteger, optionalText, page, text } from './parameters.ts'
import { MalformedPolicy, parsePolicy } from './policy.ts'

/** What names of users, roles and policies are made of. */
export const namePattern = '[\\w+=,.@-]+'

/** What documents of policies are made of; no longer than 131,072 characters. */
export const documentRules = { max: 131_072, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' }

/** What paths are made of. */
export const pathPattern = '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)'

/** NoSuchEntity, in AWS's words. */
export const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, 404)

/** LimitExceeded, in AWS's words. */
export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceeded', message, 409)

/** Characters of documents as AWS counts them: white space is free. */
export const sizeOf = (documents: string[]): number => documents.join('').replace(/\s/g, '').length

/** Checks the document of an identity policy or a trust policy; throws MalformedPolicyDocument with AWS's reason. */
export function checkDocument(document: string, kind?: 'identity' | 'trust'): void {
  try {
    parsePolicy(document, kind)
  } catch (error) {
    if (error instanceof MalformedPolicy) throw new AwsError('MalformedPolicyDocument', error.message)
    throw error
  }
}

/** RFC 3986, as IAM answers documents: encodeURIComponent leaves five more characters as they are. */
export function encoded(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** One page of a listing, its items under `member`; `all` is asked for once the paging has been read. */
export function listed<T>({ params }: Call, member: string, scope: string, all: T[]): Record<string, unknown> {
  const size = optionalInteger(params, 'MaxItems', 1, 1000) ?? 100
  const marker = optionalText(params, 'Marker', { pattern: '[\\u0020-\\u00FF]+' })
  const { items, next } = page(all, scope, size, marker)
  return { [member]: items, IsTruncated: next !== undefined, Marker: next }
}

/** The prefix that a listing is narrowed to. */
export const pathPrefix = ({ params }: Call): string => optionalText(params, 'PathPrefix', { max: 512 }) ?? '/'

/** The condition key that limits writes to principals under a boundary. */
export const boundaryContext = (arn: string | undefined): Context =>
  arn === undefined ? {} : { 'iam:PermissionsBoundary': arn }

/** Refuses a document that would take the inline policies of a principal past what they may hold together. */
export function checkAggregate(
  policies: Map<string, string>,
  put: { policyName: string; document: string },
  { limit, of }: { limit: number; of: string },
): void {
  const others = [...policies].filter(([name]) => name !== put.policyName).map(([, other]) => other)
  if (sizeOf([...others, put.document]) > limit)
    throw limitExceeded(`Maximum policy size of ${limit} bytes exceeded for ${of}`)
}

/** The name of an inline policy that a call is about. */
export const policyNameOf = ({ params }: Call): string => text(params, 'PolicyName', { max: 128, pattern: namePattern })

/** The managed policies attached to a principal, as a listing answers them. */
export function attachedTo(call: Call, principal: { arn: string; attachedPolicies: string[] }) {
  const prefix = pathPrefix(call)
  const policies = principal.attachedPolicies.flatMap(arn => call.state.policies.get(arn) ?? [])
  const all = policies
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn }))
  return listed(call, 'AttachedPolicies', `${call.operation} ${principal.arn} ${prefix}`, all)
}

/** A boundary as GetUser and GetRole answer it. */
export const boundaryAnswer = (arn: string | undefined) =>
  arn === undefined ? undefined : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arn }
