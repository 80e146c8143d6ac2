import { SignInError } from './sign-in-error';

/** A form of a token request. */
export class Form {
	private readonly fields: URLSearchParams;

	constructor(body: Buffer) {
		this.fields = new URLSearchParams(body.toString());
	}

	get(name: string): string | undefined {
		return this.fields.get(name) ?? undefined;
	}

	/** Throws AADSTS900144 where it is missing. */
	need(name: string): string {
		const value = this.get(name);
		if (value === undefined || value === '') throw new SignInError(900144, name);
		return value;
	}
}
