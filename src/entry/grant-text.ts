import type { Grantable } from '../core/entitlement.ts'

/** What an entitlement or a request gives, in a few words for a terminal. */
export function grantText(grants: Grantable): string {
  switch (grants.kind) {
    case 'permissionSet':
      return `permission set ${grants.permissionSet}`
    case 'assume':
      return `entering the role ${grants.role}`
    case 'inlinePolicy':
      return grants.on === 'user'
        ? 'inline policy on the IAM user'
        : `inline policy on the role ${grants.on.role}, for the person's sessions`
  }
}
