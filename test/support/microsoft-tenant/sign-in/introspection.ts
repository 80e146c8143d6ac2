import type { Directory } from '../directory/directory';
import type { User } from '../directory/user';
import { json, type Answer } from '../http/answer';
import { bearerToken, type ReceivedRequest } from '../http/request';
import type { AccessToken, TokenStore } from './token-store';

/**
 * What a mail server asks about a token (RFC 7662), as Dovecot's `introspection_url` with `introspection_mode = auth`
 * (token in Authorization) or `post`, or its `tokeninfo_url` (`…?access_token=`).
 *
 * `/introspection` answers for the mailbox of the signed-in user, `/introspection/{mailbox}` for that one: Dovecot does
 * not say whom its client wants to be, so shared mailboxes and app-only tokens need a passdb with a `username_filter`.
 * A token of Graph is not good for a mail server, and is not active here.
 */
export function introspect(
	request: ReceivedRequest,
	mailbox: string | undefined,
	tokens: TokenStore,
	directory: Directory,
): Answer {
	const value =
		bearerToken(request) ??
		new URLSearchParams(request.body.toString()).get('token') ??
		request.query.get('access_token') ??
		'';
	const token = tokens.find(value);
	const owner = mailbox === undefined ? token?.user : directory.findUser(mailbox);
	if (token === undefined || owner === undefined || !mayReadMail(token, owner)) {
		return json(200, { active: false });
	}
	return json(200, {
		active: true,
		email: owner.address,
		username: owner.address,
		client_id: token.application.clientId,
		aud: 'https://outlook.office365.com',
		scope: token.permissions.join(' '),
		exp: Math.floor(token.expiresAtMs / 1000),
	});
}

/** Whether the token opens that mailbox by IMAP or POP3. */
function mayReadMail(token: AccessToken, owner: User): boolean {
	return mayUseMail(token, owner, ['IMAP', 'POP']) && owner.allowsImap;
}

/** Whether it submits mail as that mailbox by SMTP. */
export function mayUseSmtp(token: AccessToken, owner: User): boolean {
	return mayUseMail(token, owner, ['SMTP']) && owner.allowsSmtp;
}

function mayUseMail(token: AccessToken, owner: User, protocols: readonly string[]): boolean {
	if (token.audience !== 'outlook') return false;
	const isAllowed = token.permissions.some((each) => protocols.includes(each.split('.')[0] ?? ''));
	if (!isAllowed) return false;
	if (token.user !== undefined) {
		return token.user === owner || owner.fullAccess.has(token.user.address);
	}
	const { mailboxScope } = token.application;
	return mailboxScope === undefined || mailboxScope.some((each) => owner.isCalled(each));
}
