import { createHash, randomBytes } from 'node:crypto';
import type { Application } from '../directory/application';
import type { User } from '../directory/user';
import { SignInError } from './sign-in-error';

export interface AuthorizationCode {
	readonly application: Application;
	readonly user: User;
	readonly scope: string;
	readonly redirectUri: string;
	/** RFC 7636, method S256; undefined: the client did not use it. */
	readonly challenge: string | undefined;
}

/** Codes that were given to browsers. Each may be redeemed once. */
export class CodeStore {
	private readonly codes = new Map<string, AuthorizationCode & { isRedeemed: boolean }>();

	give(code: AuthorizationCode): string {
		const value = `1.A${randomBytes(48).toString('base64url')}`;
		this.codes.set(value, { ...code, isRedeemed: false });
		return value;
	}

	/** Throws `SignInError` as Microsoft does for a code that is unknown, used, or somebody else's. */
	redeem(
		value: string,
		by: { application: Application; redirectUri: string; verifier: string | undefined },
	): AuthorizationCode {
		const code = this.codes.get(value);
		if (code === undefined || code.application !== by.application) throw new SignInError(70008);
		if (code.isRedeemed) throw new SignInError(54005);
		if (code.redirectUri !== by.redirectUri) throw new SignInError(50011, by.redirectUri);
		if (code.challenge !== undefined) {
			const hash = createHash('sha256')
				.update(by.verifier ?? '')
				.digest('base64url');
			if (hash !== code.challenge) throw new SignInError(501481);
		}
		code.isRedeemed = true;
		return code;
	}
}
