/** The owner of a throw-away n8n. Nothing secret: the instance listens on the loopback interface alone. */
export interface Account {
	readonly email: string;
	readonly password: string;
}

export const ownerAccount: Account = {
	email: 'owner@example.com',
	password: 'Connect-0wner',
};
