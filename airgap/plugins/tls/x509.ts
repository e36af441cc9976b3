/** The X.509 library with what it needs loaded before it. */
import "reflect-metadata";
export * from "@peculiar/x509";
