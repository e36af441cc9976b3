/** The X.509 library, after the package that has to be loaded before it. */
import "reflect-metadata";
export * from "@peculiar/x509";
