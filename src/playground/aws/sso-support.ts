import { AwsError } from './aws-error.ts'
import type { Call } from './operation.ts'
import { optionalInteger, optionalText, text } from './parameters.ts'
import type { PermissionSet } from './state.ts'

const instancePattern = 'arn:aws:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]+'
const setPattern = 'arn:aws:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]+/ps-[a-zA-Z0-9-./]{16}'

/** What request ids and, after an optional prefix, ids of people and groups look like. */
export const uuidPattern = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

/** ResourceNotFoundException, as Identity Center's administration has it. */
export const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message)

/** The ARN of an account as Identity Center's permissions name it. */
export const accountArn = (accountId: string): string => `arn:aws:sso:::account/${accountId}`

/** The instance that is named; throws when it is not ours. */
export function instanceFor({ params, state }: Call): string {
  const arn = text(params, 'InstanceArn', { min: 10, max: 1224, pattern: instancePattern })
  if (arn !== state.instanceArn) throw notFound(`Instance ${arn} not found.`)
  return arn
}

/** The set that is named, once `authorize` let the caller through; throws when there is none. */
export function permissionSetFor({ params, state }: Call, authorize: (arn: string) => void): PermissionSet {
  const arn = text(params, 'PermissionSetArn', { min: 10, max: 1224, pattern: setPattern })
  authorize(arn)
  const set = state.permissionSets.find(one => one.arn === arn)
  if (!set) throw notFound(`PermissionSet ${arn} not found.`)
  return set
}

/** The set that is named, once the caller may do this operation on it. */
export function setFor(call: Call): PermissionSet {
  const instance = instanceFor(call)
  return permissionSetFor(call, arn => call.authorize(`sso:${call.operation}`, [instance, arn]))
}

/** `/team/deploy` as AWS writes it: path and name apart. */
export function referenceTo(path: string): { Path: string; Name: string } {
  const nameAt = path.lastIndexOf('/') + 1
  return { Path: path.slice(0, nameAt), Name: path.slice(nameAt) }
}

/** How much of a listing is asked for, from where. */
export function paging({ params }: Call): { size: number; token: string | undefined } {
  return {
    size: optionalInteger(params, 'MaxResults', 1, 100) ?? 100,
    token: optionalText(params, 'NextToken', { max: 2048, pattern: '[-a-zA-Z0-9+=/_]*' }),
  }
}
