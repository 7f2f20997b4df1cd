/** What somebody reads when a command, a click or a form could not even be taken. */
export const listenerTexts = {
  notOpened: {
    en: 'The form could not be opened: Slack did not answer in time. Type `/request-access` again.',
    ja: 'Slack から時間内に応答がなく、フォームを開けませんでした。もう一度 `/request-access` と入力してください。',
  },
  notAsked: {
    en: 'The request could not be recorded. Nothing is lost: send the form again, it counts once.',
    ja: '申請を記録できませんでした。このままもう一度送信してください（重複して申請されることはありません）。',
  },
  notClicked: {
    en: 'Your click could not be recorded. Please click again.',
    ja: '操作を記録できませんでした。もう一度クリックしてください。',
  },
  notSent: {
    en: 'This could not be recorded. Send it again, it counts once.',
    ja: '記録できませんでした。もう一度送信してください（重複することはありません）。',
  },
  notForOutsiders: {
    en: 'Only members of this workspace can look at policies.',
    ja: 'ポリシーを表示できるのはこのワークスペースのメンバーだけです。',
  },
  noSuchRequest: {
    en: 'This request is not known any more. Ask for a new one with `/request-access`.',
    ja: 'この申請は見つかりません。`/request-access` でもう一度申請してください。',
  },
  tooManyClicks: {
    en: 'Several clicks of yours or of others here still wait for their answer; until then further clicks are not recorded.',
    ja: '回答待ちのクリックがいくつもあるため、それらが処理されるまで新しいクリックは記録されません。',
  },
}
