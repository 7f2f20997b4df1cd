/**
 * Something went wrong outside: AWS, Slack or the table. Adapters turn every SDK error into one of these at the call,
 * so nothing above them knows an SDK's error names.
 *
 * `retryable`: the same call may work later. `answered`: the other side replied, so the call is known not to have
 * taken effect; a timeout, a reset or a 5xx is no answer, and the call may still happen. `retryAfterSeconds`: the other
 * side said how long to stay away.
 */
export class Fault extends Error {
  readonly code: string
  readonly retryable: boolean
  readonly answered: boolean
  readonly retryAfterSeconds: number | undefined
  constructor(
    code: string,
    message: string,
    options: { retryable: boolean; answered: boolean; retryAfterSeconds?: number; cause?: unknown },
  ) {
    super(message, { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.retryable = options.retryable
    this.answered = options.answered
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** Makes a fault of anything thrown: what is not one already counts as unanswered and worth another try. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const message = error instanceof Error ? error.message : String(error)
  return new Fault('unknown', message, { retryable: true, answered: false, cause: error })
}

/** Why a request, a click or a grant got a no. Each has its sentence in both languages in the Slack adapter. */
export type RefusalCode =
  // checking
  | 'no_aws_user'
  | 'aws_user_disabled'
  | 'email_not_allowed'
  | 'identity_changed'
  | 'identity_taken'
  | 'account_not_active'
  | 'no_permission_set'
  | 'no_role'
  | 'trust_not_pinned'
  | 'trust_too_wide'
  | 'trust_unreadable'
  | 'not_let_in'
  | 'not_leashed'
  | 'leash_full'
  | 'already_held'
  | 'already_asked'
  | 'no_room_in_policy'
  | 'could_not_check'
  | 'management_account'
  | 'aws_owned'
  | 'curfews_own'
  | 'never_touched'
  | 'no_ceiling'
  | 'leaves_something'
  // clicks
  | 'self_approval'
  | 'not_an_approver'
  | 'joined_too_late'
  | 'same_identity'
  | 'already_approved'
  | 'not_your_request'
  | 'not_an_operator'
  | 'own_removal'
  | 'not_failing'
  | 'still_listed'
  | 'not_a_member'
  | 'already_decided'
  | 'not_active'
  | 'could_not_tell'
  // granting
  | 'requester_not_allowed'
  | 'catalogue_changed'
  | 'target_changed'
  | 'permission_set_changed'
  | 'too_late'
  | 'grants_off'
  | 'aws_refused'
  | 'gave_up'
