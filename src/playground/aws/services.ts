import type { CommonError } from './aws-error.ts'
import { cloudTrailOperations } from './cloudtrail.ts'
import { iamOperations } from './iam.ts'
import { identityStoreOperations } from './identity-store.ts'
import type { Operation } from './operation.ts'
import { organizationsOperations } from './organizations.ts'
import { ssoAdminOperations } from './sso-admin.ts'
import { stsOperations } from './sts.ts'

/** A service behind the one address, and how it is told from the others. */
export type Service = {
  /** The service prefix of its actions. */
  name: 'iam' | 'sts' | 'sso' | 'identitystore' | 'organizations' | 'cloudtrail'
  /** Query: `Version` of the request. JSON: what precedes the operation in `X-Amz-Target`. */
  protocol: { kind: 'query'; version: string } | { kind: 'json'; target: string }
  operations: Record<string, Operation>
  /** Wire code and HTTP status of the errors every service has. */
  codes: Record<CommonError, [code: string, status: number]>
}

const queryCodes: Service['codes'] = {
  validation: ['ValidationError', 400],
  denied: ['AccessDenied', 403],
  unknownKey: ['InvalidClientTokenId', 403],
  missingKey: ['MissingAuthenticationToken', 403],
  expiredKey: ['ExpiredToken', 403],
  unknownOperation: ['InvalidAction', 400],
  throttled: ['Throttling', 400],
  failed: ['ServiceFailure', 500],
  conflict: ['ConcurrentModification', 409],
}

const jsonCodes: Service['codes'] = {
  validation: ['ValidationException', 400],
  denied: ['AccessDeniedException', 400],
  unknownKey: ['UnrecognizedClientException', 400],
  missingKey: ['MissingAuthenticationTokenException', 400],
  expiredKey: ['ExpiredTokenException', 400],
  unknownOperation: ['UnknownOperationException', 400],
  throttled: ['ThrottlingException', 400],
  failed: ['InternalServerException', 500],
  conflict: ['ConflictException', 400],
}

/** All services there are. */
export const services: Service[] = [
  {
    name: 'iam',
    protocol: { kind: 'query', version: '2010-05-08' },
    operations: iamOperations,
    codes: queryCodes,
  },
  {
    name: 'sts',
    protocol: { kind: 'query', version: '2011-06-15' },
    operations: stsOperations,
    codes: { ...queryCodes, failed: ['InternalFailure', 500] },
  },
  {
    name: 'sso',
    protocol: { kind: 'json', target: 'SWBExternalService' },
    operations: ssoAdminOperations,
    codes: jsonCodes,
  },
  {
    name: 'identitystore',
    protocol: { kind: 'json', target: 'AWSIdentityStore' },
    operations: identityStoreOperations,
    codes: jsonCodes,
  },
  {
    name: 'cloudtrail',
    protocol: { kind: 'json', target: 'CloudTrail_20131101' },
    operations: cloudTrailOperations,
    codes: jsonCodes,
  },
  {
    name: 'organizations',
    protocol: { kind: 'json', target: 'AWSOrganizationsV20161128' },
    operations: organizationsOperations,
    codes: {
      ...jsonCodes,
      validation: ['InvalidInputException', 400],
      throttled: ['TooManyRequestsException', 400],
      failed: ['ServiceException', 500],
      conflict: ['ConcurrentModificationException', 400],
    },
  },
]
