import { MailError } from '../errors';

/** Refuses a setting, with the reason as a clause: `the list of key words is empty`. */
export type Refuse = (reason: string) => never;

/**
 * Refuses with MailError `settings.invalid`. `place` is where the user finds the setting, in the user's own words:
 * `route "Invoices", rule 2`.
 */
export function createRefusal(place: string): Refuse {
	return (reason) => {
		throw new MailError('settings.invalid', { subject: `${place}: ${reason}` });
	};
}
