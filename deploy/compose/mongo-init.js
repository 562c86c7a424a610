// Makes the replica set and a user for each service, who may write to the service's own database and the one of keys.
// Run by mongosh --nodb; may run any number of times. Passwords come out of the services' own URIs.
const { readFileSync } = require("fs");
const secret = (name) => readFileSync(`/run/secrets/${name}`, "utf8").trim();

const host = process.env.MONGO_HOST;
const root = connect(
  `mongodb://root:${encodeURIComponent(secret("mongo_root_password"))}@${host}/admin?directConnection=true`,
);

try {
  root.adminCommand({ replSetGetStatus: 1 }).ok || print("no replica set yet");
} catch (error) {
  if (error.codeName !== "NotYetInitialized") throw error;
  root.adminCommand({ replSetInitiate: { _id: "rs0", members: [{ _id: 0, host }] } });
}
while (!root.hello().isWritablePrimary) sleep(200);

for (const service of ["registry", "support", "reporting", "notify"]) {
  const [, name, password] = /^mongodb:\/\/([^:]+):([^@]+)@/.exec(secret(`mongodb_uri_${service}`));
  if (name !== service) throw new Error(`mongodb_uri_${service} logs in as ${name}`);
  const pwd = decodeURIComponent(password);
  const roles = [
    { role: "readWrite", db: `hop_luc_${service}` },
    { role: "readWrite", db: "hop_luc_access" },
  ];
  if (root.getUser(name)) root.updateUser(name, { pwd, roles });
  else root.createUser({ user: name, pwd, roles });
}
