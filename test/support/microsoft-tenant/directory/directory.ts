import { randomUUID } from 'node:crypto';
import { Application, type ApplicationSettings } from './application';
import { User, type UserSettings } from './user';

/** Who and what the tenant knows. */
export class Directory {
	readonly tenantId = randomUUID();
	readonly domain = 'contoso.example';
	readonly users: User[] = [];
	readonly applications: Application[] = [];

	addUser(address: string, settings: UserSettings): User {
		const user = new User(address, settings);
		this.users.push(user);
		return user;
	}

	addApplication(settings: ApplicationSettings): Application {
		const application = new Application(settings);
		this.applications.push(application);
		return application;
	}

	/** By address, alias or object id. */
	findUser(name: string): User | undefined {
		return this.users.find((user) => user.isCalled(name));
	}

	findApplication(clientId: string): Application | undefined {
		return this.applications.find((application) => application.clientId === clientId);
	}

	isCalled(tenant: string): boolean {
		return [this.tenantId, this.domain].includes(tenant.toLowerCase());
	}
}
