import type { User } from '../directory/user';
import type { AccessToken } from '../sign-in/token-store';
import type { Right } from './call';
import { accessDenied, GraphError } from './graph-error';

/** Any one of these will do. The `.Shared` ones reach mailboxes that are shared with the signed-in user. */
const delegated: Readonly<Record<Right, readonly string[]>> = {
	read: ['Mail.Read', 'Mail.ReadWrite'],
	write: ['Mail.ReadWrite'],
	send: ['Mail.Send'],
	profile: ['User.Read', 'User.Read.All'],
};
const application: Readonly<Record<Right, readonly string[]>> = {
	read: ['Mail.Read', 'Mail.ReadWrite'],
	write: ['Mail.ReadWrite'],
	send: ['Mail.Send'],
	profile: ['User.Read.All'],
};

/** Throws where the token, or the rights on the mailbox, do not reach that far. */
export function requireRight(token: AccessToken, right: Right, owner: User): void {
	const { user } = token;
	if (user === undefined) {
		requirePermission(token, application[right], right);
		requireScope(token, owner);
		return;
	}
	const isOwn = user === owner;
	const wanted = delegated[right];
	requirePermission(
		token,
		isOwn || right === 'profile' ? withShared(wanted) : wanted.map((each) => `${each}.Shared`),
		right,
	);
	if (!isOwn && right !== 'profile' && !owner.fullAccess.has(user.address)) throw accessDenied();
}

function withShared(permissions: readonly string[]): readonly string[] {
	return permissions.flatMap((each) => [each, `${each}.Shared`]);
}

function requirePermission(token: AccessToken, anyOf: readonly string[], right: Right): void {
	if (anyOf.some((each) => token.permissions.includes(each))) return;
	if (right === 'profile') {
		throw new GraphError(
			403,
			'Authorization_RequestDenied',
			'Insufficient privileges to complete the operation.',
		);
	}
	throw accessDenied();
}

/** RBAC for Applications. */
function requireScope({ application: { mailboxScope } }: AccessToken, owner: User): void {
	if (mailboxScope !== undefined && !mailboxScope.some((each) => owner.isCalled(each))) {
		throw accessDenied();
	}
}
