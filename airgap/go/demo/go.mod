module usmesh.example/airgap/demo

go 1.26
