import type { Text } from '../../core/entitlement.ts'
import type { RefusalCode } from '../../core/errors.ts'
import { code, codeBlock, shorten } from './mrkdwn.ts'

/** For each no, what is wrong and what to do about it. */
export const refusalTexts: Record<RefusalCode, Text> = {
  no_aws_user: {
    en: 'No AWS user was found for this Slack account. Ask an operator to create one, or to map it in the catalogue.',
    ja: 'この Slack アカウントに対応する AWS ユーザーが見つかりません。管理者にユーザーの作成、またはカタログでの対応付けを依頼してください。',
  },
  aws_user_disabled: {
    en: 'The AWS user is disabled. Ask an operator to enable it, then ask again.',
    ja: 'AWS ユーザーが無効になっています。管理者に有効化を依頼してから、もう一度申請してください。',
  },
  email_not_allowed: {
    en: 'The e-mail address in Slack is not confirmed or not of an allowed domain, so it does not lead to an AWS user. Ask an operator to map this Slack account in the catalogue.',
    ja: 'Slack のメールアドレスが未確認か、許可されたドメインではないため、AWS ユーザーを特定できません。管理者にカタログでの対応付けを依頼してください。',
  },
  identity_changed: {
    en: 'You were somebody else in AWS the last time you asked. If that is right, ask an operator to name your AWS user under people.overrides.',
    ja: '前回の申請時と AWS 上のユーザーが異なります。変更が正しい場合は、people.overrides に AWS ユーザーを登録するよう管理者に依頼してください。',
  },
  identity_taken: {
    en: 'Your AWS user is known to belong to another Slack account. If both are you, or it has become yours, ask an operator to name it for this Slack account under people.overrides.',
    ja: 'この AWS ユーザーは別の Slack アカウントのものとして登録されています。どちらも本人の場合、または引き継いだ場合は、people.overrides にこの Slack アカウントの AWS ユーザーを登録するよう管理者に依頼してください。',
  },
  account_not_active: {
    en: 'The AWS account does not exist or is not active. Choose another account, or ask an operator.',
    ja: 'AWS アカウントが存在しないか、有効ではありません。別のアカウントを選ぶか、管理者に問い合わせてください。',
  },
  no_permission_set: {
    en: 'The permission set does not exist in IAM Identity Center. Ask an operator to correct the catalogue.',
    ja: '許可セットが IAM Identity Center に存在しません。管理者にカタログの修正を依頼してください。',
  },
  no_role: {
    en: 'The role does not exist in the account. Ask an operator to correct the catalogue.',
    ja: 'ロールがアカウントに存在しません。管理者にカタログの修正を依頼してください。',
  },
  trust_not_pinned: {
    en: 'People who enter this role may name their sessions as they like, so a policy on it cannot be for one person only. Ask an administrator of the account to replace the statement below in the trust policy of the role, then ask again.',
    ja: 'このロールではセッション名を自由に決められるため、1 人だけに限定したポリシーを付与できません。アカウントの管理者に、ロールの信頼ポリシーの下記のステートメントの置き換えを依頼してから、もう一度申請してください。',
  },
  trust_too_wide: {
    en: 'Others than the IAM users of the jump account can enter this role, and one of them could bear the name of your sessions. Ask an administrator of the account to replace the statement below in the trust policy of the role, then ask again.',
    ja: '踏み台アカウントの IAM ユーザー以外もこのロールを引き受けられるため、同じセッション名を名乗られるおそれがあります。アカウントの管理者に、ロールの信頼ポリシーの下記のステートメントの置き換えを依頼してから、もう一度申請してください。',
  },
  trust_unreadable: {
    en: 'Curfew cannot tell from the trust policy of this role who may enter it, so a policy on it cannot be for one person only. Ask an administrator of the account to use a statement like the one below instead, then ask again.',
    ja: 'ロールの信頼ポリシーから誰が引き受けられるかを判断できないため、1 人だけに限定したポリシーを付与できません。アカウントの管理者に下記のようなステートメントへの変更を依頼してから、もう一度申請してください。',
  },
  not_let_in: {
    en: 'The trust policy of the role does not let your IAM user in. Ask an administrator of the account to add it, then ask again.',
    ja: 'ロールの信頼ポリシーで、あなたの IAM ユーザーによる引き受けが許可されていません。アカウントの管理者に追加を依頼してから、もう一度申請してください。',
  },
  not_leashed: {
    en: 'AWS would not end this access by itself: the leash of the permission set or role is not in place. Ask an operator to mend what is written below, then ask again.',
    ja: '許可セットまたはロールのリーシュ（期限を強制するアクセス許可の境界）が整っていないため、AWS が自動でアクセスを終了できません。下記の解消を管理者に依頼してから、もう一度申請してください。',
  },
  leash_full: {
    en: 'Too many people have this permission set or role in this account at once: AWS has no room for one more end. Ask again when others have finished.',
    ja: 'このアカウントでこの許可セットまたはロールを同時に使える人数の上限に達しています。ほかの人の利用が終わってから、もう一度申請してください。',
  },
  already_held: {
    en: 'The AWS user has this access already from elsewhere. Use it as it is: Curfew neither adds to it nor removes it.',
    ja: 'AWS ユーザーは同じアクセスをすでに別の経路で持っています。そのままお使いください。Curfew はそれを追加も削除もしません。',
  },
  already_asked: {
    en: 'You have asked for the same already, and it waits for approval. Wait for that one, or cancel it and ask again.',
    ja: '同じアクセスをすでに申請済みで、承認待ちです。結果を待つか、その申請を取り消してからもう一度申請してください。',
  },
  no_room_in_policy: {
    en: 'The inline policies of the IAM user or role leave no room for this one (AWS allows 2,048 characters per user and 10,240 per role). Ask again when other access has ended, or ask an operator to tidy them up.',
    ja: 'IAM ユーザーまたはロールのインラインポリシーに空きがありません（AWS の上限はユーザー 2,048 文字、ロール 10,240 文字です）。他のアクセスが終了してから申請し直すか、管理者に整理を依頼してください。',
  },
  could_not_check: {
    en: 'AWS could not be asked whether this is possible, so the request was not sent to approvers. Ask again later.',
    ja: 'AWS に確認できなかったため、承認者には送られませんでした。しばらくしてからもう一度申請してください。',
  },
  management_account: {
    en: 'Nothing is ever granted in the management account of the organisation. Choose another account.',
    ja: '組織の管理アカウントには何も付与できません。別のアカウントを選んでください。',
  },
  aws_owned: {
    en: 'This is a role that AWS itself manages (of IAM Identity Center or of a service), and AWS lets nobody change it. Ask for a permission set instead.',
    ja: 'AWS 自身が管理するロール（IAM Identity Center またはサービスのロール）のため、変更できません。許可セットを申請してください。',
  },
  curfews_own: {
    en: 'This is an identity that Curfew itself works with; it never adds to its own rights. Ask an operator to map this Slack account to a person in AWS.',
    ja: 'これは Curfew 自身が使う AWS のユーザーまたはロールです。Curfew は自分の権限を増やしません。管理者に、この Slack アカウントと AWS 上の本人との対応付けを依頼してください。',
  },
  never_touched: {
    en: 'The catalogue says that Curfew never touches this AWS identity (neverTouch). Ask an operator if that is not meant.',
    ja: 'カタログの neverTouch により、この AWS のユーザーや許可セットは対象外です。意図と異なる場合は管理者に問い合わせてください。',
  },
  no_ceiling: {
    en: 'In a sensitive account Curfew writes only on IAM users and roles whose permissions boundary is /curfew/ceiling. Ask an administrator of the account to run the line below, then ask again.',
    ja: '要注意アカウントでは、アクセス許可の境界が /curfew/ceiling である IAM ユーザーとロールだけが対象です。アカウントの管理者に下記のコマンドの実行を依頼してから、もう一度申請してください。',
  },
  leaves_something: {
    en: 'The permission set could leave behind access or code that goes on after the end, or Curfew cannot tell (see below), and the account is sensitive. Ask an operator to narrow the set, or to write allowPersistence: true for it in the catalogue.',
    ja: '許可セットにより、終了後も続くアクセスや処理を残せる可能性があります（下記）。要注意アカウントでは付与できません。管理者に、許可セットの絞り込み、またはカタログでの allowPersistence: true の設定を依頼してください。',
  },
  self_approval: {
    en: 'Nobody decides on their own request. Another approver has to do it.',
    ja: '自分の申請を自分で承認・却下することはできません。別の承認者に依頼してください。',
  },
  already_approved: {
    en: 'You have approved this already. It waits for somebody else.',
    ja: 'すでに承認済みです。ほかの承認者の承認を待っています。',
  },
  joined_too_late: {
    en: 'For this account only those decide who were approvers when the request was made. Ask one of them, or have it requested anew.',
    ja: 'このアカウントでは、申請の時点で承認者だった人だけが承認・却下できます。該当する承認者に依頼するか、改めて申請してもらってください。',
  },
  same_identity: {
    en: 'You and the requester are the same person to AWS. Somebody else has to decide.',
    ja: 'あなたと申請者は AWS 上で同じユーザーです。別の人に依頼してください。',
  },
  not_an_approver: {
    en: 'Your click changed nothing: you are not an approver of this request. Ask one of its approvers to decide.',
    ja: 'あなたはこの申請の承認者ではないため、操作は反映されませんでした。承認者に判断を依頼してください。',
  },
  not_your_request: {
    en: 'Your click changed nothing: only the requester can cancel this request.',
    ja: '操作は反映されませんでした。この申請を取り消せるのは申請者だけです。',
  },
  not_an_operator: {
    en: 'Your click changed nothing: only operators can do this. Who has the access can end it from their own message.',
    ja: '操作は反映されませんでした。この操作ができるのは管理者だけです。利用者本人は、自分宛てのメッセージから終了できます。',
  },
  own_removal: {
    en: 'Nobody settles their own access. Another operator has to say that it is removed.',
    ja: '自分のアクセスを自分で解決済みにすることはできません。別の管理者に依頼してください。',
  },
  not_failing: {
    en: 'There was nothing to settle: its removal is not failing.',
    ja: '解決が必要な削除はありません。',
  },
  still_listed: {
    en: 'AWS still lists it, so nothing was settled. Remove it in AWS (the command is in the alert), then say so again.',
    ja: 'AWS にまだ残っているため、解決済みにしていません。AWS で削除してから（コマンドはアラートにあります）、もう一度操作してください。',
  },
  not_a_member: {
    en: 'Your click changed nothing: only full members of this workspace decide on requests, not guests or people of other organisations.',
    ja: '操作は反映されませんでした。申請を判断できるのはこのワークスペースの正式なメンバーだけです（ゲストや他の組織の方はできません）。',
  },
  already_decided: {
    en: 'Your click changed nothing: the request was no longer open.',
    ja: '操作は反映されませんでした。この申請はすでに受付を終了しています。',
  },
  not_active: {
    en: 'There was nothing left to end.',
    ja: '終了するアクセスはもうありません。',
  },
  grants_off: {
    en: 'Granting was switched off before the access was there. Ask again when your operators have switched it on.',
    ja: 'アクセスを設定する前に付与が停止されました。管理者が再開した後、もう一度申請してください。',
  },
  could_not_tell: {
    en: 'Your click changed nothing: Slack did not say whether you may decide on this. Click again in a minute.',
    ja: '操作は反映されませんでした。判断できる方かどうかを Slack に確認できませんでした。1 分ほどしてからもう一度クリックしてください。',
  },
  requester_not_allowed: {
    en: 'The requester may no longer have this access: they left the workspace or the group that may ask for it. Who should have it joins the group and asks again.',
    ja: '申請者はワークスペースまたは申請できるグループから外れているため、このアクセスを受けられません。必要な場合はグループに参加してからもう一度申請してください。',
  },
  catalogue_changed: {
    en: 'What this entitlement gives has changed since the request, so the request no longer stands. Ask again.',
    ja: '申請後にカタログの内容が変わったため、この申請は無効になりました。もう一度申請してください。',
  },
  target_changed: {
    en: 'The AWS user, the role or the permission set is not the one that was found when the request was checked. Ask again.',
    ja: 'AWS ユーザー、ロールまたは許可セットが、確認したときのものと異なります。もう一度申請してください。',
  },
  permission_set_changed: {
    en: 'The permission set is not what was approved any more; below is what changed. Ask again, so that the new content is approved.',
    ja: '許可セットの内容が承認時から変わっています（変更点は下記）。新しい内容で承認を受けるため、もう一度申請してください。',
  },
  too_late: {
    en: 'Less than 5 minutes of the approved time were left, so the access was not set up. Ask again.',
    ja: '承認された時間が残り 5 分を切っていたため、アクセスは設定されませんでした。もう一度申請してください。',
  },
  aws_refused: {
    en: 'AWS refused to set up the access. Tell an operator what is written below; asking again will not help until it is mended.',
    ja: 'AWS がアクセスの設定を拒否しました。下記の内容を管理者に伝えてください。解消するまで、申請し直しても同じ結果になります。',
  },
  gave_up: {
    en: 'AWS did not confirm the access in time, so Curfew gave up and removed what may have been set up. Ask again later.',
    ja: '時間内に AWS で確認できなかったため、Curfew は設定を中止し、途中まで設定されたものを削除しました。しばらくしてからもう一度申請してください。',
  },
}

/** What is told beside the sentence, to be read and copied exactly: a name, or the lines of something to change. */
export function noteText(note: string | undefined): string[] {
  if (!note) return []
  return [note.includes('\n') ? codeBlock(shorten(note, 1800).split('\n')) : code(shorten(note, 300))]
}
