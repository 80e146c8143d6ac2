import type { Editor } from './n8n-editor';

/** In the form of a credential: presses Connect, or what n8n offers in its place, and accepts what the tenant asks. */
export async function connectAccount(editor: Editor): Promise<void> {
	const { page } = editor;
	const opening = page.waitForEvent('popup');
	await editor
		.part('credential-edit-dialog')
		.getByRole('button', { name: /^(Connect( my account)?|Reconnect|Switch account)$/ })
		.click();
	const popup = await opening;
	// n8n stores the tokens before it answers.
	const storing = page
		.context()
		.waitForEvent('response', (response) =>
			response.url().includes('/rest/oauth2-credential/callback'),
		);
	await popup.locator('#accept').click();
	const status = (await storing).status();
	if (status !== 200) throw new Error(`n8n answered ${status} to the sign-in.`);
}
